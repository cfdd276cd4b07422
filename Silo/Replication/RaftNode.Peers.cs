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
        var isTaken = Touch(message, static (node, message) =>
        {
            node._core.Step(message);
            node.Pump(wakeApplier: message.Type != MessageType.Append, flush: false);
        });
        if (!isTaken)
        {
            return;
        }

        _transport.Flush();

        if (message.Type == MessageType.Append)
        {
            // Appends have a connection of their own, so nothing urgent waits behind what is applied here.
            _applier.ApplyHereOrWake();
        }
    }

    /// <summary>Another member's answer says that the entry is committed.</summary>
    public void ObserveCommitted(ulong index, ulong term) => Touch((index, term), static (node, entry) =>
    {
        if (entry.index > node._core.CommitIndex)
        {
            node._core.ObserveCommitted(entry.index, entry.term);
            node.Pump();
        }
    });

    /// <summary>Takes a leader's snapshot message, whose data is stored here; false if it is not wanted (any more).</summary>
    public bool StepSnapshot(in Message message) => Touch(message, false, static (node, message) =>
    {
        var index = message.Snapshot!.Index;
        node._core.Step(message);

        // Nothing but an accepted snapshot has the log begin behind what was not committed here.
        var isTaken = node._core.FirstIndex == index + 1 && node._core.AppliedIndex < index;
        node.Pump();
        return isTaken;
    });

    /// <summary>The term of an entry that is applied here; false if it is not (yet), or no longer known.</summary>
    public bool TryGetAppliedTerm(ulong index, out ulong term)
    {
        term = Touch(index, 0UL, static (node, index) => index <= node._core.AppliedIndex && node._core.TryGetTerm(index, out var found) ? found : 0);
        return term != 0;
    }

    /// <summary>Messages to the member were lost.</summary>
    public void ReportUnreachable(ulong memberId) => Touch(memberId, static (node, id) =>
    {
        node._core.ReportUnreachable(id);
        node.Pump();
    });

    /// <summary>The snapshot that was sent to the member arrived there, or did not and may be sent again.</summary>
    public void ReportSnapshot(ulong memberId, bool succeeded) => Touch((memberId, succeeded), static (node, sent) =>
    {
        node._core.ReportSnapshot(sent.memberId, sent.succeeded);
        node.Pump();
    });

    /// <summary>What became of an entry that another member appended for this one; completes when its index was applied here.</summary>
    public Task<EntryOutcome> WaitForOutcomeAsync(ulong index, ulong term) => _waiters.Recent.WaitAsync(index, term);
}
