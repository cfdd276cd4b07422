using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Replication;

/// <summary>A cluster of one on a directory of its own.</summary>
internal sealed class SingleMember : IDisposable
{
    private static readonly WalIdentity Identity = new(ClusterId: 7, MemberId: 1);

    public SingleMember(string directory, RecordingStateMachine? machine = null, ulong appliedIndex = 0, ReplicationOptions? options = null)
        : this(
            MemberLog.OpenOrCreate(directory, Identity, new ConfState([1]), new WalOptions { SegmentBytes = 1 << 20 }),
            machine,
            appliedIndex,
            options)
    {
    }

    /// <summary>On a disk in memory, with the smallest segments and none prepared in the background.</summary>
    public SingleMember(IDisk disk, RecordingStateMachine? machine = null, ulong appliedIndex = 0, ReplicationOptions? options = null)
        : this(MemberLog.OpenOrCreate(disk, Identity, new ConfState([1]), SmallSegments), machine, appliedIndex, options)
    {
    }

    private SingleMember(MemberLog memberLog, RecordingStateMachine? machine, ulong appliedIndex, ReplicationOptions? options)
    {
        Machine = machine ?? new RecordingStateMachine();
        options ??= new ReplicationOptions();
        Log = memberLog.Log;
        var core = new RaftCore(
            new RaftOptions { Id = 1, ElectionTimeoutTicks = options.ElectionTimeoutTicks },
            memberLog.InitialState(appliedIndex),
            new WalLogReader(memberLog.Log),
            new NoSnapshots());
        Node = new RaftNode(
            core, memberLog.Log, Machine, new NoPeerTransport(), options, TimeProvider.System, Failures.Add, NullLogger<RaftNode>.Instance);
    }

    public static WalOptions SmallSegments { get; } = new() { SegmentBytes = WalOptions.MinSegmentBytes, PreallocateInBackground = false };

    public WriteAheadLog Log { get; }

    public RaftNode Node { get; }

    public RecordingStateMachine Machine { get; }

    public List<Exception> Failures { get; } = [];

    /// <summary>Starts, and waits until the member leads and may be written to.</summary>
    public async Task<ulong> StartAsync()
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

    public async Task<EntryOutcome> AppendAsync(ulong term, byte[] payload)
    {
        Assert.Equal(AppendRefusal.None, Node.TryAppend(term, payload, out var entry));
        return await entry.Applied.WaitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => Node.Dispose();
}
