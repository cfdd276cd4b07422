using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <content>The read barrier (design, section 6).</content>
internal sealed partial class RaftNode
{
    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken)
    {
        ulong index;
        lock (_gate)
        {
            if (!_core.TryLeaseRead(out index))
            {
                index = ulong.MaxValue;
            }
            else if (_applier.IsStoreFaulted && _core.ConfState.IsSingleVoter(_core.Id))
            {
                // What is committed but can't be applied was acknowledged to nobody, and there is no other member to read it from.
                return ValueTask.CompletedTask;
            }
        }

        if (index == ulong.MaxValue)
        {
            return new ValueTask(ReadBarrierByQuorumAsync(cancellationToken));
        }

        return _applied.Applied >= index ? ValueTask.CompletedTask : new ValueTask(WaitAppliedHereAsync(index, cancellationToken));
    }

    public ValueTask WaitAppliedAsync(ulong index, CancellationToken cancellationToken) =>
        _applied.Applied >= index ? ValueTask.CompletedTask : new ValueTask(WaitAppliedHereAsync(index, cancellationToken));

    private bool RequestReadIndex(ulong context)
    {
        lock (_gate)
        {
            var accepted = !_isStopped && _core.ReadIndex(context);
            Pump();
            return accepted;
        }
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
