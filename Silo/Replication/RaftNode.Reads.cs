using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <content>The read barrier (design, section 6).</content>
internal sealed partial class RaftNode
{
    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        var index = Touch(cancellationToken, ulong.MaxValue, static (node, _) => node.LeaseReadIndex());
        if (index == ulong.MaxValue)
        {
            return new ValueTask(ReadBarrierByQuorumAsync(cancellationToken));
        }

        return _applied.Applied >= index ? ValueTask.CompletedTask : new ValueTask(WaitAppliedHereAsync(index, cancellationToken));
    }

    public ValueTask WaitAppliedAsync(ulong index, CancellationToken cancellationToken) =>
        _applied.Applied >= index ? ValueTask.CompletedTask : new ValueTask(WaitAppliedHereAsync(index, cancellationToken));

    private bool RequestReadIndex(ulong context) => Touch(context, false, static (node, context) =>
    {
        var accepted = node._core.ReadIndex(context);
        node.Pump();
        return accepted;
    });

    /// <summary>The index to wait for if the leader's lease holds: 0 for none. The highest number if a quorum must be asked.</summary>
    private ulong LeaseReadIndex()
    {
        if (!_core.TryLeaseRead(out var index))
        {
            return ulong.MaxValue;
        }

        // What is committed but can't be applied was acknowledged to nobody, and there is no other member to read it from.
        return _applier.IsStoreFaulted && _core.ConfState.IsSingleVoter(_core.Id) ? 0 : index;
    }

    private async Task ReadBarrierByQuorumAsync(CancellationToken cancellationToken)
    {
        var index = await _readIndex.WaitAsync(cancellationToken).ConfigureAwait(false);
        await WaitAppliedHereAsync(index, cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitAppliedHereAsync(ulong index, CancellationToken cancellationToken)
    {
        try
        {
            await _applied.WaitAsync(index).WaitAsync(_options.RequestTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new EtcdException(EtcdError.Timeout);
        }
    }
}
