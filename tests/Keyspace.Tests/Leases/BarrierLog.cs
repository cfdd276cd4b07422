using Krewe.Grains.Replication;

namespace Krewe.Keyspace.Tests.Leases;

/// <summary>A log whose read barriers a test holds up.</summary>
internal sealed class BarrierLog : IReplicatedLog
{
    public ulong MemberId => 1;

    public ulong LeaderId => 1;

    public ulong Term { get; set; } = 1;

    public bool IsReadyLeader => true;

    /// <summary>What barriers wait for; null lets them pass.</summary>
    public TaskCompletionSource? Barrier { get; set; }

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => Barrier is null ? default : new ValueTask(Barrier.Task);

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry) => throw new NotSupportedException();
}
