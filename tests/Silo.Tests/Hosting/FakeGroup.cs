using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>A Raft group seen by member 1, which leads; followers take leadership over or not as a test says.</summary>
internal sealed class FakeGroup : IReplicatedLog, IConfigurationLog
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ulong MemberId => 1;

    public ulong LeaderId { get; private set; } = 1;

    public ulong Term { get; private set; } = 1;

    public bool IsReadyLeader => LeaderId == MemberId;

    public List<ProgressStatus> Others { get; } = [];

    /// <summary>Members that take leadership when they are offered it.</summary>
    public HashSet<ulong> Willing { get; } = [];

    /// <summary>To whom leadership was offered, in order.</summary>
    public List<ulong> Offered { get; } = [];

    public static ProgressStatus Follower(ulong id, ulong match, bool isLearner = false, bool isActive = true) =>
        new(id, isLearner, ProgressState.Replicate, match, match + 1, 0, isActive, 0);

    public IReadOnlyList<ProgressStatus> Progress() => [Follower(1, 100), .. Others];

    public TransferResult TransferLeadership(ulong to)
    {
        Offered.Add(to);
        if (Willing.Contains(to))
        {
            Lead(to);
        }

        return TransferResult.Started;
    }

    public void Lead(ulong leader)
    {
        LeaderId = leader;
        Term++;
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changed.Task.WaitAsync(cancellationToken);

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry) => throw new NotSupportedException();

    public AppendRefusal TryAppendConfChange(ulong term, ConfChange change, out AppendedEntry entry) => throw new NotSupportedException();

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
