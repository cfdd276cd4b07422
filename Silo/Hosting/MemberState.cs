using Krewe.Grains.Cluster;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Watch;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Observability;
using Krewe.Silo.Replication;
using Krewe.Silo.Storage;

namespace Krewe.Silo.Hosting;

/// <summary>
/// What a member has on its disk and in its memory, opened before the host is built: log, store, state machine. The host's container owns
/// nothing of it; <see cref="Dispose"/> closes it after everything else has stopped.
/// </summary>
internal sealed class MemberState : IDisposable
{
    private MemberState(ServerOptions options, WalIdentity identity, MemberLog log, IKeyspaceStore store, WalMetrics walMetrics, StoreMetrics storeMetrics)
    {
        StoreMetrics = storeMetrics;
        WalMetrics = walMetrics;
        Options = options;
        Identity = identity;
        Log = log;
        Store = store;
        Directory = new DirectoryTable();
        PendingOwners = new PendingOwners(Directory, Silos);
        var keyspaceOptions = new KeyspaceOptions { ValueCacheBytes = options.Storage.ValueCacheBytes };
        Keyspace = new KeyspaceState(
            keyspaceOptions,
            new AppliedOwnership(Directory),
            [new SiloMembershipModule(Silos, Directory), new GrainDirectoryModule(Directory, Silos), Members, Prefixes]);
        Tail = new Tail(Keyspace, keyspaceOptions, PendingOwners);
    }

    public ServerOptions Options { get; }

    public WalMetrics WalMetrics { get; }

    public StoreMetrics StoreMetrics { get; }

    public WalIdentity Identity { get; }

    public MemberLog Log { get; }

    public IKeyspaceStore Store { get; }

    public SiloTable Silos { get; } = new();

    public DirectoryTable Directory { get; }

    public PendingOwners PendingOwners { get; }

    public MembersModule Members { get; } = new();

    public PrefixMapModule Prefixes { get; } = new();

    public KeyspaceState Keyspace { get; }

    public Tail Tail { get; }

    public RevisionLog Revisions { get; } = new();

    public LeaseClocks LeaseClocks { get; } = new(TimeProvider.System);

    /// <summary>
    /// Opens or creates the member's data. Throws <see cref="InvalidDataException"/> with a text for the operator if the data and the
    /// options do not go together.
    /// </summary>
    public static MemberState Open(ServerOptions options)
    {
        var observer = new WalMetrics();
        var storeMetrics = new StoreMetrics();
        var directories = MemberDirectories.Of(options.Storage);
        var bootstrap = BootstrapIdentity(options);
        var walOptions = new WalOptions { NoSync = options.Storage.UnsafeNoFsync, Observer = observer };
        var log = MemberLog.OpenOrCreate(directories.Log, bootstrap, new ConfState([bootstrap.MemberId]), walOptions);
        try
        {
            if (log.IsNew && options.Cluster.ValidateBootstrap(options.Name) is { } error)
            {
                throw new InvalidDataException(error);
            }

            var store = new RocksKeyspaceStore(directories.Store, new RocksStoreOptions
            {
                BlockCacheBytes = options.Storage.BlockCacheBytes,
                WriteBufferBytes = options.Storage.WriteBufferBytes,
                Written = storeMetrics.Written,
            });
            var state = new MemberState(options, log.Log.Opened.Identity, log, store, observer, storeMetrics);
            state.Keyspace.Load(store);
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

    /// <summary>The identity that the options give a member that starts for the first time (behaviour 240).</summary>
    private static WalIdentity BootstrapIdentity(ServerOptions options)
    {
        var ids = options.Cluster.InitialMembers.ToDictionary(
            m => m.Name, m => MemberIdentity.MemberId(m.PeerUrls.Select(u => u.ToString()), options.Cluster.InitialClusterToken));
        return ids.TryGetValue(options.Name, out var self)
            ? new WalIdentity(MemberIdentity.ClusterId(ids.Values), self)
            : throw new InvalidDataException(options.Cluster.ValidateBootstrap(options.Name));
    }
}
