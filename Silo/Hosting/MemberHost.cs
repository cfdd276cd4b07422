using System.Globalization;
using Krewe.Api.Hosting;
using Krewe.Grains.Auth;
using Krewe.Grains.Auth.Passwords;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Leases;
using Krewe.Grains.Maintenance;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Grains.Watch;
using Krewe.Raft.Core;
using Krewe.Silo.Auth;
using Krewe.Silo.Clustering;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Observability;
using Krewe.Silo.Observability.Logging;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Streams;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Hosting;

/// <summary>Puts a member together. Services start in the order of registration and stop in the reverse one (design, section 4).</summary>
internal static class MemberHost
{
    /// <summary>Orleans' name of the application; Orleans clients must know it.</summary>
    public const string ServiceId = "krewe";

    /// <summary>How long a stop may take beyond the time that open requests get: to hand leadership over and to leave.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(10);

    public static WebApplication Build(MemberState state)
    {
        var options = state.Options;
        // Empty: a member is configured by etcd's flags alone, and the defaults' appsettings.json watches the whole working directory, in which the
        // log is often written.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Logging.AddZapLogging(options.Logging, TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ReplicationOptionsOf(options).RequestTimeout + LeaveTimeout);
        AddState(builder.Services, state);
        AddReplication(builder.Services, state);
        builder.Services.AddHostedService<RaftService>();
        builder.Services.AddHostedService<RemovalService>();
        builder.Services.AddSiloEviction(TimeSpan.FromMilliseconds(options.RaftTiming.ElectionTimeoutMilliseconds));
        AddGrainServices(builder.Services, state);
        builder.Services.AddWatchHub();
        builder.Services.AddSingleton<ISiloGateways>(new MemberGateways(ClusterName(state), state.Silos));
        builder.Services.AddSilo();
        builder.Services.AddHostedService<BootstrapService>();
        builder.Services.AddHostedService<LeaderDuties>();
        builder.Services.AddEtcdApi(ApiOptionsOf(options));

        // Behind the API, whose streams end in the same step of a stop: leadership moves before.
        builder.Services.AddSingleton(HandOverOptions.For(TimeSpan.FromMilliseconds(options.RaftTiming.ElectionTimeoutMilliseconds)));
        builder.Services.AddHostedService<LeadershipHandOver>();
        builder.Services.AddSingleton<MemberMetrics>();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEtcdListeners(
                Uris(options.Listen.ClientUrls),
                Uris(options.Listen.MetricsUrls),
                new ListenerTls(state.Tls.Client, hosts: null),
                new ListenerTls(state.Tls.Client, new SystemHostNames())));
        builder.Services.AddHostedService<CertificateExpiry>();

        var app = builder.Build();
        StartAuth(app.Services, state);
        state.Tls.Log.Logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<MemberTls>();
        app.Services.GetRequiredService<MemberMetrics>();
        app.Services.GetRequiredService<LogRetention>();
        app.MapEtcdApi();
        return app;
    }

    public static string ClusterName(MemberState state) => state.Identity.ClusterId.ToString("x16", CultureInfo.InvariantCulture);

    private static void AddState(IServiceCollection services, MemberState state)
    {
        services.AddSingleton(state);
        services.AddSingleton(state.Tls);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(state.Silos);
        services.AddSingleton(state.Directory);
        services.AddSingleton(state.PendingOwners);
        services.AddSingleton<ITailOwnership>(state.PendingOwners);
        services.AddSingleton(state.Members);
        services.AddSingleton<IMembersChanged>(state.Members);
        services.AddSingleton(state.KnownMembers);
        services.AddSingleton(state.Prefixes);
        services.AddSingleton(state.Keyspace);
        services.AddSingleton(state.Auth);
        services.AddSingleton(state.PendingAuth);
        services.AddSingleton(state.Tokens);
        services.AddSingleton(state.Tail);
        services.AddSingleton<IKeyspaceStore>(state.Store);
        services.AddSingleton(state.Revisions);
        services.AddSingleton(state.LeaseClocks);
        services.AddSingleton<IRevisionHistory>(new KeyspaceHistory(state.Keyspace));
    }

    private static void AddReplication(IServiceCollection services, MemberState state)
    {
        var options = ReplicationOptionsOf(state.Options);
        services.AddSingleton(options);
        services.AddSingleton(new RequestTimeout(options.RequestTimeout, TimeProvider.System));
        services.AddSingleton(LeaseOptions.For(state.Options.RaftTiming.ElectionTimeoutMilliseconds));
        services.AddSingleton<KeyspaceStateMachine>();
        services.AddSingleton(provider => RaftNodeFactory.Create(provider, state, options));
        services.AddSingleton<IConfigurationLog>(provider => provider.GetRequiredService<RaftNode>());
        services.AddSingleton<IReplicatedLog>(provider => provider.GetRequiredService<RaftNode>());
        services.AddSingleton<IAppliedIndex>(provider => provider.GetRequiredService<RaftNode>());
        services.AddSingleton<LeaderCalls>();
        services.AddSingleton<ILeadership>(provider => provider.GetRequiredService<RaftNode>());
        services.AddSingleton<IMemberStatus>(
            provider => new MemberStatus(state.Identity, provider.GetRequiredService<RaftNode>(), state.Keyspace, state.Members));
        services.AddSingleton<TailAppender>();
        services.AddPeers(state, options);
        services.AddSnapshots(state, options);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LogRetention>(
            provider, (Func<ConfState>)(() => state.Members.Configuration), (Func<ulong, ulong>)provider.GetRequiredService<LogHolds>().LowestNeeded));
    }

    private static void AddGrainServices(IServiceCollection services, MemberState state)
    {
        var options = state.Options;
        services.AddSingleton(new QuotaGuard(options.Storage.QuotaBackendBytes, () => state.Store.SizeBytes, TimeProvider.System));
        services.AddSingleton<NoSpaceAlarm>();
        services.AddSingleton(provider => CreateCompaction(provider, state));
        services.AddSingleton<IKeyspaceClient, KeyspaceClient>();
        services.AddSingleton<LeaseCheckpointer>();
        services.AddSingleton<LeaseRenewer>();
        services.AddSingleton<LeaseExpirer>();
        services.AddSingleton<ILeaseClient, LeaseClient>();
        services.AddSingleton<IMaintenanceClient, MaintenanceClient>();
        services.AddSingleton<IPasswords>(_ => new BcryptPasswords(options.Auth.BcryptCost));
        services.AddSingleton<IAuthClient, AuthClient>();
        services.AddSingleton(new MembershipOptions(options.Cluster.StrictReconfigCheck, options.Cluster.MaxLearners));
        services.AddSingleton(provider => CreatePeerActivity(provider, options.RaftTiming));
        services.AddSingleton<IPeerActivity>(provider => provider.GetRequiredService<PeerActivity>());
        services.AddHostedService<PeerActivityService>();
        services.AddSingleton<ReconfigurationRules>();
        services.AddSingleton<MemberChanger>();
        services.AddSingleton<IMembershipClient, MembershipClient>();
        services.AddSingleton(options.Compaction.Mode == CompactionMode.Periodic
            ? new AutoCompactionOptions(options.Compaction.RetentionPeriod, null)
            : new AutoCompactionOptions(null, options.Compaction.RetentionRevisions));
        services.AddSingleton<AutoCompactor>();
    }

    /// <summary>Ties together what was made before there were services and what came with them.</summary>
    private static void StartAuth(IServiceProvider services, MemberState state)
    {
        state.Auth.PasswordChanged += services.GetRequiredService<IPasswords>().Forget;
        switch (state.Tokens)
        {
            case SimpleTokens simple:
                simple.WaitWith(services.GetRequiredService<IAppliedIndex>());
                break;
            case JwtTokens jwt:
                jwt.LogTo(services.GetRequiredService<ILogger<JwtTokens>>());
                break;
        }
    }

    /// <summary>The core forgets whom it heard once an election timeout, so a member that lives may look silent for nearly two.</summary>
    private static PeerActivity CreatePeerActivity(IServiceProvider provider, RaftTimingOptions timing) => new(
        provider.GetRequiredService<RaftNode>().Progress, TimeProvider.System, TimeSpan.FromMilliseconds(2.0 * timing.ElectionTimeoutMilliseconds));

    private static CompactionDriver CreateCompaction(IServiceProvider provider, MemberState state)
    {
        var compaction = state.Options.Compaction;
        var driver = new CompactionDriver(
            state.Keyspace,
            compaction.BatchLimitRevisions,
            compaction.SleepInterval,
            provider.GetRequiredService<RaftNode>().WakeApplier,
            TimeProvider.System);
        provider.GetRequiredService<KeyspaceStateMachine>().Compaction = driver;
        return driver;
    }

    private static ReplicationOptions ReplicationOptionsOf(ServerOptions options) => new()
    {
        TickMilliseconds = options.RaftTiming.HeartbeatIntervalMilliseconds,
        ElectionTimeoutTicks = options.RaftTiming.ElectionTimeoutTicks,
        PreVote = options.RaftTiming.PreVote,
        SnapshotCount = options.RaftSnapshot.SnapshotCountEntries,
        SnapshotCatchUpEntries = options.RaftSnapshot.CatchupEntries,
        SlowApply = options.RequestLimits.WarningApplyDuration,
    };

    public static ApiOptions ApiOptionsOf(ServerOptions options) => new()
    {
        MaxTxnOps = options.RequestLimits.MaxTxnOps,
        MaxRequestBytes = options.RequestLimits.MaxRequestBytes,
        MaxConcurrentStreams = options.RequestLimits.MaxConcurrentStreams,
        KeepaliveMinTime = options.KeepAlive.MinTime,
        KeepaliveInterval = options.KeepAlive.Interval,
        KeepaliveTimeout = options.KeepAlive.Timeout,
        WatchProgressNotifyInterval = options.Watch.ProgressNotifyInterval,
        ElectionTimeout = TimeSpan.FromMilliseconds(options.RaftTiming.ElectionTimeoutMilliseconds),
        DrainTimeout = ReplicationOptionsOf(options).RequestTimeout,
        CorsOrigins = options.Listen.CorsOrigins,
        HostWhitelist = options.Listen.HostWhitelist,
        EnableGrpcGateway = options.EnableGrpcGateway,
        EnableReflection = options.GrpcReflection,
        AuditLog = options.Auth.AuditLog,
        ClientCertAuth = options.Tls.Client.ClientCertAuth,
        MetricsExtensive = options.Metrics == MetricsDetail.Extensive,
        WarningUnaryRequestDuration = options.RequestLimits.WarningUnaryRequestDuration,
    };

    public static IEnumerable<Uri> Uris(IEnumerable<EtcdUrl> urls) => urls.Select(u => new Uri(u.ToString()));
}
