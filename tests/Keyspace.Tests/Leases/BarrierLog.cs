using Krewe.Grains.Replication;

namespace Krewe.Keyspace.Tests.Leases;

/// <summary>A log whose read barriers and outcomes a test holds up.</summary>
internal sealed class BarrierLog : IReplicatedLog
{
    /// <summary>What was appended, with what its outcome is told by.</summary>
    public List<(byte[] Payload, TaskCompletionSource<EntryOutcome> Outcome)> Appended { get; } = [];

    public ulong MemberId => 1;

    public ulong LeaderId => 1;

    public ulong Term { get; set; } = 1;

    public bool IsReadyLeader => true;

    /// <summary>What barriers wait for; null lets them pass.</summary>
    public TaskCompletionSource? Barrier { get; set; }

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => Barrier is null ? default : new ValueTask(Barrier.Task);

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry)
    {
        var outcome = new TaskCompletionSource<EntryOutcome>();
        Appended.Add((payload.ToArray(), outcome));
        entry = new AppendedEntry((ulong)Appended.Count, term, outcome.Task);
        return AppendRefusal.None;
    }
}
