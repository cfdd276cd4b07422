namespace Krewe.Raft.Core;

/// <content>
/// Membership (dissertation chapter 4), in etcd's way: a change takes effect when it is applied, one is under way at a time,
/// and nobody campaigns who knows of a committed one that it has not applied.
/// </content>
public sealed partial class RaftCore
{
    /// <summary>Every member, ordered by ID.</summary>
    private Progress[] _progress = [];

    /// <summary>This node's own, if it is a member.</summary>
    private Progress? _self;

    /// <summary>There may be a membership change in the log up to here; no other may be proposed before that is applied.</summary>
    private ulong _pendingConfIndex;

    /// <summary>Index of the change or snapshot that the configuration comes from.</summary>
    private ulong _confIndex;

    /// <summary>Appends a membership change to the leader's log, like <see cref="TryPropose"/>.</summary>
    public ProposeResult ProposeConfChange(ConfChange change, out ulong index, out ulong term)
    {
        ArgumentNullException.ThrowIfNull(change);
        index = 0;
        term = Term;
        byte[] data = ConfChangeCodec.Encode(change);
        ProposeResult result = MayPropose(data.Length);
        if (result != ProposeResult.Accepted)
        {
            return result;
        }

        if (_pendingConfIndex > _log.Applied)
        {
            return ProposeResult.ConfChangePending;
        }

        if (!ConfChanger.TryApply(ConfState, change, out _, out _))
        {
            return ProposeResult.InvalidConfChange;
        }

        index = AppendEntry(EntryKind.ConfChange, data);
        _pendingConfIndex = index;
        return ProposeResult.Accepted;
    }

    /// <summary>
    /// Puts a committed change into force, when the driver applies its entry and before it reports <see cref="Applied"/>. A driver
    /// that refuses a change on grounds of its own just does not call this.
    /// </summary>
    /// <param name="index">Index of the entry.</param>
    /// <param name="change">Its decoded payload.</param>
    /// <returns>The configuration to be stored with the applied state.</returns>
    public ConfState ApplyConfChange(ulong index, ConfChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Invariant.Check(index <= _log.Applying, "applied a membership change that was not handed out");
        if (index <= _confIndex)
        {
            // A snapshot that was restored meanwhile contains it.
            return ConfState;
        }

        if (!ConfChanger.TryApply(ConfState, change, out ConfState next, out string? error))
        {
            throw new RaftInvariantException($"a committed membership change can't be applied: {error}");
        }

        _confIndex = index;
        SetConfiguration(next);
        return ConfState;
    }

    private Progress? Find(ulong id)
    {
        foreach (Progress p in _progress)
        {
            if (p.Id == id)
            {
                return p;
            }
        }

        return null;
    }

    private void SetConfiguration(ConfState next)
    {
        ConfState = next;
        _progress = MakeProgress(next);
        _self = Find(Id);
        _log.MaxCachedBytes = _options.CachedBytes(_progress.Length - (_self is null ? 0 : 1));
        if (IsLeader)
        {
            AdaptLeader();
        }
    }

    private Progress[] MakeProgress(ConfState next)
    {
        var ids = new SortedSet<ulong>([.. next.VoterArray, .. next.OutgoingArray, .. next.LearnerArray]);
        var progress = new Progress[ids.Count];
        int i = 0;
        foreach (ulong id in ids)
        {
            progress[i] = Find(id) ?? NewProgress(id);
            progress[i].IsLearner = next.IsLearner(id);
            i++;
        }

        return progress;
    }

    private Progress NewProgress(ulong id)
    {
        var progress = new Progress(id, _options);
        progress.Reset(Math.Max(_log.LastIndex, 1));

        // It had no chance to be heard yet, which must not count against the leader.
        progress.RecentActive = true;
        return progress;
    }

    private void AdaptLeader()
    {
        if (!ConfState.IsVoter(Id))
        {
            BecomeFollower(Term, leader: 0);
            return;
        }

        _flushDue = true;
        MaybeCommit();
        ConfirmReads();
        if (TransferTarget != 0 && !ConfState.IsVoter(TransferTarget))
        {
            AbortTransfer();
        }
    }

    private void LeaveJointIfDue()
    {
        if (IsLeader && ConfState.AutoLeave && _log.Applied >= _pendingConfIndex)
        {
            // Refused only while leadership is being handed over; tried again with the next applied entry.
            ProposeConfChange(ConfChange.Leave, out _, out _);
        }
    }
}
