using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <content>What comes from other members, and what they need.</content>
internal sealed partial class RaftNode
{
    /// <summary>Index of the first log entry that is kept.</summary>
    public ulong FirstIndex
    {
        get
        {
            lock (_gate)
            {
                return _core.FirstIndex;
            }
        }
    }

    /// <summary>Takes a message from another member.</summary>
    public void Step(in Message message)
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            _core.Step(message);
            Pump(wakeApplier: message.Type != MessageType.Append, flush: false);
        }

        _transport.Flush();

        if (message.Type == MessageType.Append)
        {
            // Appends have a connection of their own, so nothing urgent waits behind what is applied here.
            _applier.ApplyHereOrWake();
        }
    }

    /// <summary>Another member's answer says that the entry is committed.</summary>
    public void ObserveCommitted(ulong index, ulong term)
    {
        lock (_gate)
        {
            if (!_isStopped && index > _core.CommitIndex)
            {
                _core.ObserveCommitted(index, term);
                Pump();
            }
        }
    }

    /// <summary>Takes a leader's snapshot message, whose data is stored here; false if it is not wanted (any more).</summary>
    public bool StepSnapshot(in Message message)
    {
        var index = message.Snapshot!.Index;
        lock (_gate)
        {
            if (_isStopped)
            {
                return false;
            }

            _core.Step(message);

            // Nothing but an accepted snapshot has the log begin behind what was not committed here.
            var isTaken = _core.FirstIndex == index + 1 && _core.AppliedIndex < index;
            Pump();
            return isTaken;
        }
    }

    /// <summary>The term of an entry that is applied here; false if it is not (yet), or no longer known.</summary>
    public bool TryGetAppliedTerm(ulong index, out ulong term)
    {
        lock (_gate)
        {
            term = 0;
            return index <= _core.AppliedIndex && _core.TryGetTerm(index, out term);
        }
    }

    /// <summary>Messages to the member were lost.</summary>
    public void ReportUnreachable(ulong memberId)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                _core.ReportUnreachable(memberId);
                Pump();
            }
        }
    }

    /// <summary>The snapshot that was sent to the member arrived there, or did not and may be sent again.</summary>
    public void ReportSnapshot(ulong memberId, bool succeeded)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                _core.ReportSnapshot(memberId, succeeded);
                Pump();
            }
        }
    }

    /// <summary>What became of an entry that another member appended for this one; completes when its index was applied here.</summary>
    public Task<EntryOutcome> WaitForOutcomeAsync(ulong index, ulong term) => _waiters.Recent.WaitAsync(index, term);
}
