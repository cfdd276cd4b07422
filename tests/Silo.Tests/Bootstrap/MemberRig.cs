using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Replication;
using Krewe.Silo.Tests.Replication;
using Krewe.Testing.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Bootstrap;

/// <summary>A node that applies membership changes, on a disk and a store that outlive it.</summary>
internal sealed class MemberRig : IStateMachine, IDisposable
{
    public static readonly WalOptions Options = new() { SegmentBytes = WalOptions.MinSegmentBytes, PreallocateInBackground = false };
    private readonly MemoryKeyspaceStore _store;

    public MemberRig(MemoryDisk disk, MemoryKeyspaceStore store, MemberBootstrap bootstrap, ulong id, Action<MemberRig>? opened = null)
    {
        _store = store;
        Log = MemberLog.OpenOrCreate(disk, new WalIdentity(7, id), bootstrap, Options);
        Members = new MembersModule(Log.Configuration);
        Members.Load(store);
        opened?.Invoke(this);
        Initial = Log.InitialState(store.AppliedIndex, Members.Configuration);
        Core = new RaftCore(new RaftOptions { Id = id, ElectionTimeoutTicks = 10 }, Initial, new WalLogReader(Log.Log), new NoSnapshots());
        Node = new RaftNode(
            Core, Log.Log, this, new NoPeerTransport(), new ReplicationOptions(), TimeProvider.System, Failures.Add, NullLogger<RaftNode>.Instance);
    }

    public MemberLog Log { get; }

    public MembersModule Members { get; }

    public RaftInitialState Initial { get; }

    public RaftCore Core { get; }

    public RaftNode Node { get; }

    public List<Exception> Failures { get; } = [];

    public static Member Member(ulong id, bool isLearner = false) => new(id, $"m{id}", [$"http://h:{id}"], [], isLearner);

    public void Apply(ReadOnlySpan<Entry> entries, List<EntryOutcome> outcomes)
    {
        using var batch = _store.CreateBatch();
        foreach (var entry in entries)
        {
            var refusal = entry.Kind == EntryKind.ConfChange
                ? Members.ApplyConfChange(entry.Data, new ModuleContext(entry.Index, entry.Term, batch))
                : null;
            outcomes.Add(new EntryOutcome(EntryStatus.Applied, refusal));
        }

        _store.Write(batch, entries[^1].Index);
    }

    public async Task<ulong> LeadAsync()
    {
        Node.Start();
        while (true)
        {
            var change = Node.WaitForChangeAsync(TestContext.Current.CancellationToken);
            if (Node.IsReadyLeader)
            {
                return Node.Term;
            }

            await change;
        }
    }

    public async Task<EntryOutcome> ChangeAsync(ConfChange change)
    {
        Assert.Equal(AppendRefusal.None, Node.TryAppendConfChange(Node.Term, change, out var entry));
        return await entry.Applied.WaitAsync(TestContext.Current.CancellationToken);
    }

    public void Idle()
    {
    }

    public void LeadershipGained(ulong term)
    {
    }

    public void LeadershipLost()
    {
    }

    public void Dispose() => Node.Dispose();
}
