using System.Globalization;
using Krewe.Api.Hosting;
using Krewe.Grains.Cluster.Members;
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
using Krewe.Silo.Clustering;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Observability;
using Krewe.Silo.Observability.Logging;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Streams;
using Krewe.Silo.Tls;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Krewe.Silo.Hosting;

/// <summary>Puts a member together. Services start in the order of registration and stop in the reverse one (design, section 4).</summary>
internal static class MemberHost
{
    /// <summary>How long a stop may take before open requests are cut.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Orleans' name of the application; Orleans clients must know it.</summary>
    public const string ServiceId = "krewe";

    public static WebApplication Build(MemberState state)
    {
        var options = state.Options;
        // Empty: a member is configured by etcd's flags alone, and the defaults' appsettings.json watches the whole working directory, in which the
        // log is often written.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Logging.AddZapLogging(options.Logging, TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        AddState(builder.Services, state);
        AddReplication(builder.Services, state);
        builder.Services.AddHostedService<RaftService>();
        builder.Services.AddHostedService<RemovalService>();
        builder.Services.AddSingleton(SiloEvictionOptions.For(TimeSpan.FromMilliseconds(options.RaftTiming.ElectionTimeoutMilliseconds)));
        builder.Services.AddHostedService<SiloEvictionService>();
        AddGrainServices(builder.Services, state);
        builder.Services.AddWatchHub();
        builder.Services.AddSingleton<ISiloGateways>(new MemberGateways(ClusterName(state), state.Silos));
        builder.Host.UseOrleans(silo => ConfigureSilo(silo, state));
        builder.Services.AddHostedService<BootstrapService>();
        builder.Services.AddHostedService<LeaderDuties>();
        builder.Services.AddEtcdApi(ApiOptionsOf(options));
        builder.Services.AddSingleton<MemberMetrics>();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEtcdListeners(
                Uris(options.Listen.ClientUrls),
                Uris(options.Listen.MetricsUrls),
                new ListenerTls(state.Tls.Client, hosts: null),
                new ListenerTls(state.Tls.Client, new SystemHostNames())));
        builder.Services.AddHostedService<CertificateExpiry>();

        var app = builder.Build();
        state.Tls.Log.Logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<MemberTls>();
        app.Services.GetRequiredService<MemberMetrics>();
        app.Services.GetRequiredService<LogRetention>();
        app.MapEtcdApi();
        return app;
    }

    private static string ClusterName(MemberState state) => state.Identity.ClusterId.ToString("x16", CultureInfo.InvariantCulture);

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
        services.AddSingleton<LeaseRenewer>();
        services.AddSingleton<LeaseExpirer>();
        services.AddSingleton<ILeaseClient, LeaseClient>();
        services.AddSingleton<IMaintenanceClient, MaintenanceClient>();
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

    private static void ConfigureSilo(ISiloBuilder silo, MemberState state)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
        {
            cluster.ClusterId = ClusterName(state);
            cluster.ServiceId = ServiceId;
        });
        silo.Configure<SiloOptions>(self => self.SiloName = state.Options.Name);
        silo.Configure<EndpointOptions>(endpoints => SiloEndpoints.Configure(endpoints, state.Options));
        silo.Services.AddSingleton<ITypeNameFilter, OwnTypesOnly>();
        if (state.Tls.Peer.HasCertificate)
        {
            silo.UseSiloTls(new SiloTls(state.Tls.Peer, () => PeerUrls(state), new SystemHostNames()));
        }

        silo.UseRaftClustering(clustering => clustering.StartTimeout = Timeout.InfiniteTimeSpan);
        silo.AddRevisionStreams();
    }

    private static IEnumerable<Uri> PeerUrls(MemberState state) =>
        state.Members.Members.SelectMany(member => member.PeerUrls).Select(url => new Uri(url));

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
        CorsOrigins = options.Listen.CorsOrigins,
        HostWhitelist = options.Listen.HostWhitelist,
        EnableGrpcGateway = options.EnableGrpcGateway,
        MetricsExtensive = options.Metrics == MetricsDetail.Extensive,
        WarningUnaryRequestDuration = options.RequestLimits.WarningUnaryRequestDuration,
    };

    public static IEnumerable<Uri> Uris(IEnumerable<EtcdUrl> urls) => urls.Select(u => new Uri(u.ToString()));
}
