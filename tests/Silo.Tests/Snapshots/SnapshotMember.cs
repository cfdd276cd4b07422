using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Leases;
using Krewe.Grains.Replication;
using Krewe.Grains.Watch;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Storage;
using Krewe.Silo.Tests.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Snapshots;

/// <summary>A member with a real log, a real store, the keyspace, its watches and the snapshot lane, but without silo and API.</summary>
internal sealed class SnapshotMember : ILoopbackMember
{
    public static readonly ReplicationOptions Options = new() { TickMilliseconds = 20, SnapshotCount = 50, SnapshotCatchUpEntries = 10 };
    private readonly RevisionLogFeed _feed;
    private readonly CheckpointSource _checkpoints;
    private readonly MemberStore _store;
    private readonly SnapshotLane _lane;

    public SnapshotMember(ulong id, string directory, ulong[] voters, ConcurrentDictionary<ulong, Uri> urls, Action<InstallStep>? reached = null)
    {
        Id = id;
        Book = new TestBook(PeerMember.ClusterId, id, urls);
        var own = Path.Join(directory, id.ToString(CultureInfo.InvariantCulture));
        var log = MemberLog.OpenOrCreate(
            Path.Join(own, "wal"), new WalIdentity(PeerMember.ClusterId, id), new ConfState(voters), new WalOptions { SegmentBytes = 1 << 20 });
        Directories = new StoreDirectories(Path.Join(own, "member"), Limits);
        FinishedAtStart = Directories.Recover(log.Begin);
        _store = new MemberStore(OpenStore(Directories.Current));
        Members = new MembersModule(log.Configuration);
        var options = new KeyspaceOptions();
        State = new KeyspaceState(options, modules: [Members]);
        State.Load(_store.Current);
        Revisions.Reset(State.Revision);
        State.Sink = Revisions;
        Hub = new WatchHub(Revisions, new KeyspaceHistory(State), new WatchHubOptions(), TimeProvider.System, NullLogger<WatchHub>.Instance);
        _feed = new RevisionLogFeed(Revisions, Hub);
        Tail = new Tail(State, options);
        Stores = new MemberStores(Directories, _store, OpenStore, NullLogger<MemberStores>.Instance) { Reached = reached };
        var machine = new KeyspaceStateMachine(
            State, Tail, new PendingOwners(new DirectoryTable(), new SiloTable()), new LeaseClocks(TimeProvider.System), LeaseOptions.For(1_000))
        {
            Snapshots = Stores,
        };
        Transport = new PeerTransport(Book, new PlainPeerSecurity(), new PeerLimits(), TimeProvider.System, NullLogger<PeerTransport>.Instance);
        _checkpoints = new CheckpointSource(
            Directories.Checkpoints, _store, log.Configuration, Limits, TimeProvider.System, NullLogger<CheckpointSource>.Instance);
        var core = new RaftCore(
            new RaftOptions { Id = id, RandomSeed = id, MaxCachedBytes = 1 << 20 },
            log.InitialState(_store.AppliedIndex, Members.Configuration),
            new WalLogReader(log.Log),
            _checkpoints);
        Node = new RaftNode(core, log.Log, machine, Transport, Options, TimeProvider.System, Failures.Add, NullLogger<RaftNode>.Instance);
        _checkpoints.TermOf = index => Node.TryGetAppliedTerm(index, out var term) ? term : null;
        var holds = new LogHolds(_checkpoints, Node.Progress, Options.SnapshotCatchUpEntries, Limits, TimeProvider.System);
        _ = new LogRetention(Node, _store, () => Members.Configuration, holds.LowestNeeded, Options, NullLogger<LogRetention>.Instance);
        _lane = new SnapshotLane(
            new SnapshotSender(
                _checkpoints, Node, ConnectAsync, holds.CatchUp, Limits, new PeerLimits(), TimeProvider.System, NullLogger.Instance),
            new SnapshotReceiver(Stores, Node, id, Limits, new PeerLimits(), TimeProvider.System, NullLogger.Instance));
        Transport.Snapshots = _lane;
        Transport.Receiver = new RaftPeerReceiver(Node, null);
        Listener = new PeerListener(
            Transport, Book, new PlainPeerSecurity(), new PeerRoutes(PeerMember.ClusterId, _ => null), new PeerLimits(), NullLogger<PeerListener>.Instance);
        Listener.Start([new Uri("http://127.0.0.1:0")]);
        urls[id] = new Uri($"http://127.0.0.1:{Listener.EndPoints[0].Port}");
    }

    /// <summary>Small pieces, so that a small store takes many of them.</summary>
    public static SnapshotLimits Limits { get; } = new() { ChunkBytes = 4 << 10, SyncEveryBytes = 64 << 10, RetryDelay = TimeSpan.FromMilliseconds(20) };

    public ulong Id { get; }

    /// <summary>Whether this start finished what an earlier one had begun.</summary>
    public bool FinishedAtStart { get; }

    public TestBook Book { get; }

    public StoreDirectories Directories { get; }

    public MembersModule Members { get; }

    public KeyspaceState State { get; }

    public RevisionLog Revisions { get; } = new();

    public WatchHub Hub { get; }

    public Tail Tail { get; }

    public MemberStores Stores { get; }

    public PeerTransport Transport { get; }

    public PeerListener Listener { get; }

    public RaftNode Node { get; }

    public ConcurrentBag<Exception> Failures { get; } = [];

    /// <summary>Transfers that this member began.</summary>
    public int TransfersBegun { get; private set; }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Appends a put as the leader; false if this is not the leader.</summary>
    public Task<bool> TryPutAsync(string key, string value) =>
        TryAppendAsync(batch => batch.Evaluate(new PutRequest { Key = Bytes(key), Value = Bytes(value) }).Error);

    /// <summary>Compacts as the leader.</summary>
    public async Task CompactAsync(long revision) => Assert.True(await TryAppendAsync(batch => batch.Compact(revision).Error));

    private async Task<bool> TryAppendAsync(Func<TailBatch, EtcdError> evaluate)
    {
        AppendedEntry entry;
        lock (Tail.Gate)
        {
            if (!Node.IsReadyLeader || Tail.TryBegin([], out var batch) != TailStatus.Ready)
            {
                return false;
            }

            Assert.Equal(EtcdError.None, evaluate(batch));
            if (Node.TryAppend(Node.Term, batch.Seal(), out entry) != AppendRefusal.None)
            {
                batch.Rollback();
                return false;
            }

            batch.Commit(entry.Index);
        }

        return (await entry.Applied.WaitAsync(TestContext.Current.CancellationToken)).Status == EntryStatus.Applied;
    }

    public uint Hash(long revision)
    {
        Assert.Equal(EtcdError.None, State.HashKv(revision, out var hash));
        return hash.Hash;
    }

    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await _lane.DisposeAsync();
        Node.Dispose();
        await Transport.DisposeAsync();
        _checkpoints.Dispose();
        await _feed.DisposeAsync();
        await Hub.DisposeAsync();
        await Stores.DisposeAsync();
        State.Dispose();
        _store.Dispose();
    }

    private static RocksKeyspaceStore OpenStore(string directory) => new(directory, new RocksStoreOptions { BlockCacheBytes = 1 << 20 });

    private Task<Stream> ConnectAsync(ulong member, CancellationToken cancellationToken)
    {
        TransfersBegun++;
        return Transport.ConnectAsync(member, PeerLaneKind.Snapshot, cancellationToken);
    }
}
