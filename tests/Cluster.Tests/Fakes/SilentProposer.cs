using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>A group without a quorum: nothing is ever answered.</summary>
internal sealed class SilentProposer : ICommandProposer
{
    private int _asked;

    /// <summary>Proposals and barriers so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public async ValueTask<object?> ProposeAsync(CommandKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return null;
    }

    public async ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
