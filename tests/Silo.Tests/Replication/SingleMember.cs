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
    {
        Machine = machine ?? new RecordingStateMachine();
        options ??= new ReplicationOptions();
        var memberLog = MemberLog.OpenOrCreate(directory, Identity, new ConfState([1]), new WalOptions { SegmentBytes = 1 << 20 });
        var core = new RaftCore(
            new RaftOptions { Id = 1, ElectionTimeoutTicks = options.ElectionTimeoutTicks },
            memberLog.InitialState(appliedIndex),
            new WalLogReader(memberLog.Log),
            new NoSnapshots());
        Node = new RaftNode(
            core, memberLog.Log, Machine, new NoPeerTransport(), options, TimeProvider.System, Failures.Add, NullLogger<RaftNode>.Instance);
    }

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
