using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <content>What the log's and the applier's threads report to the core.</content>
internal sealed partial class RaftNode
{
    private void Durable(IReadOnlyList<Ready> work)
    {
        lock (_gate)
        {
            if (_hasFailed)
            {
                return;
            }

            WorkOrFreeze(work, static (node, work) => node.TakeDurable(work));
        }

        _transport.Flush();

        // While more is to be written, this thread must get back to the disk.
        _applier.RunHereOrWake(mayRunHere: _writer.IsCaughtUp);
    }

    private void TakeDurable(IReadOnlyList<Ready> work)
    {
        foreach (var ready in work)
        {
            if (ready.Snapshot is not null)
            {
                // Before the core hands out what comes after it.
                _applier.Add(ready.Snapshot);
            }
        }

        _core.AppendDurable(work[^1].AppendSequence);
        foreach (var ready in work)
        {
            _transport.Send(ready.MessagesAfterDurable.Span);
            _core.Recycle(ready);
        }

        Pump(wakeApplier: false, flush: false);
    }

    private void Applied(Entry last, IReadOnlyList<Entry> entries)
    {
        _lastAppliedTerm = last.Term;
        lock (_gate)
        {
            if (_isStopped)
            {
                // At a stop the log closes first: what the core would hand out next can't be read any more.
                return;
            }

            WorkOrFreeze(last.Index, static (node, index) => node.TakeApplied(index));
        }

        AppliedAdvanced?.Invoke(last.Index);
    }

    private void TakeApplied(ulong index)
    {
        _core.Applied(index);
        if (_mayLeadAlone)
        {
            // As at start: a single voter need not wait for an election timeout.
            _mayLeadAlone = false;
            _core.Campaign();
        }

        Pump();
    }
}
