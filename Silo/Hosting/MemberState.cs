using Krewe.Grains.Auth;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Watch;
using Krewe.Raft.Log;
using Krewe.Silo.Auth;
using Krewe.Silo.Bootstrap;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Observability;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Storage;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Hosting;

/// <summary>
/// What a member has on its disk and in its memory, opened before the host is built: log, store, state machine. The host's container owns
/// nothing of it; <see cref="Dispose"/> closes it after everything else has stopped.
/// </summary>
internal sealed class MemberState : IDisposable
{
    private MemberState(
        ServerOptions options,
        MemberTls tls,
        MemberLog log,
        StoreDirectories directories,
        Func<string, IKeyspaceStore> open,
        ITokenProvider tokens,
        WalMetrics walMetrics,
        StoreMetrics storeMetrics)
    {
        Tokens = tokens;
        Auth = new AuthModule(tokens as SimpleTokens) { ReplayedIndex = log.Log.LastIndex };
        StoreDirectories = directories;
        OpenStore = open;
        StoreMetrics = storeMetrics;
        WalMetrics = walMetrics;
        Options = options;
        Tls = tls;
        Identity = log.Log.Opened.Identity;
        Log = log;
        Store = new MemberStore(open(directories.Current));
        Members = new MembersModule(log.Configuration);
        KnownMembers = new KnownMembers(Members, log.FirstKnownMembers);
        Directory = new DirectoryTable();
        PendingOwners = new PendingOwners(Directory, Silos);
        var keyspaceOptions = new KeyspaceOptions { ValueCacheBytes = options.Storage.ValueCacheBytes };
        Keyspace = new KeyspaceState(
            keyspaceOptions,
            new AppliedOwnership(Directory),
            [new SiloMembershipModule(Silos, Directory), new GrainDirectoryModule(Directory, Silos), Members, Prefixes, Auth]);
        PendingAuth = new PendingAuth(Auth, Keyspace);
        Tail = new Tail(Keyspace, keyspaceOptions, PendingOwners);
        LeaseClocks = new LeaseClocks(TimeProvider.System, options.LeaseCheckpoints ? LeaseLimits.CheckpointInterval : null);
    }

    public ServerOptions Options { get; }

    public MemberTls Tls { get; }

    public WalMetrics WalMetrics { get; }

    public StoreMetrics StoreMetrics { get; }

    public WalIdentity Identity { get; }

    public MemberLog Log { get; }

    public StoreDirectories StoreDirectories { get; }

    /// <summary>Whether this start finished the installation of a snapshot that an earlier end had interrupted.</summary>
    public bool HasFinishedInstallation { get; private set; }

    /// <summary>Opens the store in a directory as this member's.</summary>
    public Func<string, IKeyspaceStore> OpenStore { get; }

    /// <summary>The store of the moment.</summary>
    public MemberStore Store { get; }

    public SiloTable Silos { get; } = new();

    public DirectoryTable Directory { get; }

    public PendingOwners PendingOwners { get; }

    public MembersModule Members { get; }

    /// <summary>Members for the peer transport.</summary>
    public KnownMembers KnownMembers { get; }

    public PrefixMapModule Prefixes { get; } = new();

    public ITokenProvider Tokens { get; }

    public AuthModule Auth { get; }

    public PendingAuth PendingAuth { get; }

    public KeyspaceState Keyspace { get; }

    public Tail Tail { get; }

    public RevisionLog Revisions { get; } = new();

    public LeaseClocks LeaseClocks { get; }

    /// <summary>
    /// Opens or creates the member's data. Throws <see cref="InvalidDataException"/> with a text for the operator if the data and the
    /// options do not go together.
    /// </summary>
    public static MemberState Open(ServerOptions options)
    {
        var tls = MemberTls.Open(options, TimeProvider.System);
        return Open(options, tls, new ClusterBootstrap(new HttpRemoteCluster(tls.Peer), new DnsLookup()));
    }

    /// <summary>The same with other ways to learn of the cluster.</summary>
    public static MemberState Open(ServerOptions options, ClusterBootstrap bootstrap) =>
        Open(options, MemberTls.Open(options, TimeProvider.System), bootstrap);

    private static MemberState Open(ServerOptions options, MemberTls tls, ClusterBootstrap bootstrap)
    {
        var tokens = TokenProviders.Create(options.Auth, TimeProvider.System);
        var observer = new WalMetrics();
        var storeMetrics = new StoreMetrics();
        var directories = MemberDirectories.Of(options.Storage);
        var log = OpenLog(options, directories, bootstrap, new WalOptions { NoSync = options.Storage.UnsafeNoFsync, Observer = observer });
        try
        {
            var stores = new StoreDirectories(directories.Member, new SnapshotLimits());
            var finished = stores.Recover(log.Begin);
            var rocks = new RocksStoreOptions
            {
                BlockCacheBytes = options.Storage.BlockCacheBytes,
                WriteBufferBytes = options.Storage.WriteBufferBytes,
                Written = storeMetrics.Written,
            };
            var state = new MemberState(options, tls, log, stores, directory => new RocksKeyspaceStore(directory, rocks), tokens, observer, storeMetrics);
            state.HasFinishedInstallation = finished;
            state.Keyspace.Load(state.Store.Current);
            state.CheckMembership();
            state.Revisions.Reset(state.Keyspace.Revision);
            state.Keyspace.Sink = state.Revisions;
            return state;
        }
        catch
        {
            log.Log.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Keyspace.Dispose();
        Store.Dispose();
    }

    /// <summary>A member that has data restarts from it and ignores the initial cluster, as etcd's does.</summary>
    private static MemberLog OpenLog(ServerOptions options, MemberDirectories directories, ClusterBootstrap bootstrap, WalOptions walOptions)
    {
        if (MemberLog.TryOpen(directories.Log, walOptions) is { } log)
        {
            return log;
        }

        var plan = bootstrap.Plan(options);
        return MemberLog.OpenOrCreate(directories.Log, plan.Identity, plan.Bootstrap, walOptions);
    }

    private void CheckMembership()
    {
        if (Options.Cluster.ForceNewCluster && !Log.IsNew)
        {
            var known = Members.Members.FirstOrDefault(m => m.Id == Identity.MemberId);
            var self = known ?? new Member(
                Identity.MemberId, Options.Name, [.. Options.Cluster.AdvertisePeerUrls.Select(u => u.ToString())], [], IsLearner: false);
            NewClusterOfOne.Rewrite(Log.Log, self, Members.Configuration, Store.AppliedIndex, known is not null);
        }
        else if (Members.IsRemoved(Identity.MemberId))
        {
            throw new InvalidDataException(
                "the member has been permanently removed from the cluster; the data-dir used by this member must be removed");
        }
    }
}
