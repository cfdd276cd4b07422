namespace Krewe.Raft.Core;

/// <content>Log replication (Raft paper section 5.3, dissertation section 10.2 for pipelining and parallel disk writes).</content>
public sealed partial class RaftCore
{
    /// <summary>Something changed that may let appends go out.</summary>
    private bool _flushDue;

    /// <summary>
    /// Appends an entry to the leader's log at once; it is sent and stored by the next <see cref="TakeReady"/>, together with all others
    /// proposed until then. O(1).
    /// </summary>
    /// <param name="data">Payload; must not be changed afterwards.</param>
    /// <param name="index">Where it stands; it is committed if the entry applied there has this term.</param>
    /// <param name="term">The leader's term.</param>
    public ProposeResult TryPropose(ReadOnlyMemory<byte> data, out ulong index, out ulong term)
    {
        index = 0;
        term = Term;
        ProposeResult result = MayPropose(data.Length);
        if (result == ProposeResult.Accepted)
        {
            index = AppendEntry(EntryKind.Normal, data);
        }

        return result;
    }

    /// <summary>The driver could not send to <paramref name="id"/>: pipelining is given up until it answers.</summary>
    public void ReportUnreachable(ulong id)
    {
        if (IsLeader && Find(id) is { State: ProgressState.Replicate } progress && progress != _self)
        {
            progress.BecomeProbe();
            _flushDue = true;
        }
    }

    /// <summary>The snapshot that was sent to <paramref name="id"/> arrived there, or failed and may be sent again.</summary>
    public void ReportSnapshot(ulong id, bool succeeded)
    {
        if (!IsLeader || Find(id) is not { State: ProgressState.Snapshot } progress)
        {
            return;
        }

        if (succeeded)
        {
            progress.BecomeProbe();
        }
        else
        {
            progress.SnapshotFailed();
        }

        // Wait for its acknowledgement, or else for the next heartbeat response, before probing.
        progress.ProbeSent = true;
    }

    private ProposeResult MayPropose(int bytes)
    {
        if (!IsLeader)
        {
            return ProposeResult.NotLeader;
        }

        if (TransferTarget != 0)
        {
            return ProposeResult.TransferInProgress;
        }

        // Empty entries (a new term, leaving a joint configuration) and the only uncommitted one are never refused.
        bool full = UncommittedBytes > 0 && bytes > 0 && UncommittedBytes + bytes > _options.MaxUncommittedBytes;
        return full ? ProposeResult.UncommittedLimit : ProposeResult.Accepted;
    }

    private ulong AppendEntry(EntryKind kind, ReadOnlyMemory<byte> data)
    {
        ulong index = _log.LastIndex + 1;
        _log.Append(new Entry(index, Term, kind, data));
        UncommittedBytes += data.Length;
        _flushDue = true;
        return index;
    }

    private void FlushAppends()
    {
        if (!_flushDue)
        {
            return;
        }

        _flushDue = false;
        foreach (Progress p in _progress)
        {
            if (p != _self)
            {
                while (SendAppend(p))
                {
                }
            }
        }
    }

    /// <summary>Sends an append if one is due and allowed; true if another one may follow at once.</summary>
    private bool SendAppend(Progress p)
    {
        if (p.State == ProgressState.Snapshot || (p.State == ProgressState.Probe && p.ProbeSent))
        {
            return false;
        }

        bool replicate = p.State == ProgressState.Replicate;

        // With a full pipeline an empty append still goes out now and then: if all of it was lost, only a rejection gets it going again.
        bool withEntries = p.Next <= _log.LastIndex && !(replicate && p.InflightsFull);
        bool onlyCommit = replicate && !withEntries && !p.AppendDue;
        if (onlyCommit && !CommitIsDue(p))
        {
            return false;
        }

        ulong prev = p.Next - 1;
        if (!_log.TryTerm(prev, out ulong prevTerm))
        {
            SendSnapshot(p);
            return false;
        }

        ReadOnlyMemory<Entry> entries = withEntries ? _log.Read(p.Next, _log.LastIndex + 1, _options.MaxMessageBytes) : default;
        Send(new Message
        {
            Type = MessageType.Append,
            To = p.Id,
            Term = Term,
            Index = prev,
            LogTerm = prevTerm,
            Commit = _log.Committed,
            Entries = entries,
            IsQuiet = onlyCommit,
        });
        p.SentEntries(entries.Length, PayloadBytes(entries.Span));
        p.CommitSent(_log.Committed);
        return replicate && withEntries;
    }

    /// <summary>
    /// Whether the commit index must be sent without entries. While entries are under way to the follower and not committed yet, it can wait for
    /// them, for the next append, or for the heartbeat: under load that halves the messages.
    /// </summary>
    private bool CommitIsDue(Progress p) => p.CanBumpCommit(_log.Committed)
        && (_log.Committed == _log.LastIndex || p.InflightCount == 0);

    private void SendSnapshot(Progress p)
    {
        if (!p.RecentActive)
        {
            return;
        }

        ulong minIndex = Math.Max(_log.SnapshotIndex, _confIndex);
        SnapshotMetadata? snapshot = _snapshots.TryGetSnapshot(minIndex);
        if (snapshot is null || snapshot.Index < minIndex)
        {
            return;
        }

        Invariant.Check(snapshot.Index <= _log.Applied, "a snapshot can't contain what is not applied");
        p.BecomeSnapshot(snapshot.Index);
        Send(new Message { Type = MessageType.Snapshot, To = p.Id, Term = Term, Snapshot = snapshot });
    }

    private void BroadcastHeartbeat()
    {
        foreach (Progress p in _progress)
        {
            if (p == _self)
            {
                continue;
            }

            // Only what is known to match: the follower takes it on trust.
            ulong commit = Math.Min(p.Match, _log.Committed);
            Send(new Message
            {
                Type = MessageType.Heartbeat,
                To = p.Id,
                Term = Term,
                Commit = commit,
                Context = _readBatch,
                SentTick = _tick,
            });
        }
    }

    /// <summary>
    /// Somebody who knows, such as the leader answering a request, says that the entry of <paramref name="term"/> at <paramref name="index"/> is
    /// committed: a follower that has it need not wait for the leader's next message.
    /// </summary>
    public void ObserveCommitted(ulong index, ulong term)
    {
        if (!IsLeader && index > _log.Committed && _log.Matches(index, term))
        {
            _log.CommitTo(index);
        }
    }

    private void HandleAppend(in Message message)
    {
        if (message.Index < _log.Committed)
        {
            if (!message.IsQuiet)
            {
                Acknowledge(message.From, _log.Committed);
            }

            return;
        }

        if (!_log.Matches(message.Index, message.LogTerm) && !(Has(CoreFaults.SkipPrevTermCheck) && message.Index <= _log.LastIndex))
        {
            Reject(message);
            return;
        }

        ulong last = _log.Merge(message.Index, message.Entries.Span);
        _log.CommitTo(Math.Min(message.Commit, last));
        if (!message.IsQuiet)
        {
            Acknowledge(message.From, last);
        }
    }

    private void Reject(in Message message)
    {
        (ulong hint, ulong hintTerm) = _log.FindConflict(Math.Min(message.Index, _log.LastIndex), message.LogTerm);
        SendAfterDurable(new Message
        {
            Type = MessageType.AppendResponse,
            To = message.From,
            Term = Term,
            Index = message.Index,
            Reject = true,
            RejectHint = hint,
            LogTerm = hintTerm,
        });
    }

    private void Acknowledge(ulong to, ulong index)
        => SendAfterDurable(new Message { Type = MessageType.AppendResponse, To = to, Term = Term, Index = index });

    private void HandleHeartbeat(in Message message)
    {
        _log.CommitTo(message.Commit);

        // Vouches for nothing stored, only for having been here: it need not wait for the disk.
        Send(new Message
        {
            Type = MessageType.HeartbeatResponse,
            To = message.From,
            Term = Term,
            Context = message.Context,
            SentTick = message.SentTick,
        });
    }

    private void HandleSnapshot(in Message message)
    {
        bool restored = Restore(message.Snapshot!);
        Acknowledge(message.From, restored ? _log.LastIndex : _log.Committed);
    }

    private bool Restore(SnapshotMetadata snapshot)
    {
        if (snapshot.Index <= _log.Committed || !snapshot.ConfState.IsMember(Id))
        {
            return false;
        }

        if (_log.Matches(snapshot.Index, snapshot.Term))
        {
            // Everything is here already, so the snapshot only tells that it is committed.
            _log.CommitTo(snapshot.Index);
            return false;
        }

        _log.Restore(snapshot);
        _snapshotToStore = snapshot;
        _confIndex = snapshot.Index;
        SetConfiguration(snapshot.ConfState);
        return true;
    }

    private void HandleAppendResponse(Progress p, in Message message)
    {
        p.RecentActive = true;
        _flushDue = true;
        if (message.Reject)
        {
            HandleRejection(p, message);
            return;
        }

        Invariant.Check(message.Index <= _log.LastIndex, "acknowledged more than this leader ever had");
        bool caughtUp = p.Match == message.Index && p.State == ProgressState.Probe;
        if (!p.MaybeUpdate(message.Index) && !caughtUp)
        {
            return;
        }

        switch (p.State)
        {
            case ProgressState.Probe:
                p.BecomeReplicate();
                break;
            case ProgressState.Snapshot when p.Match + 1 >= _log.FirstIndex:
                p.BecomeReplicate();
                break;
            case ProgressState.Replicate:
                p.FreeInflightsTo(message.Index);
                break;
            default:
                break;
        }

        MaybeCommit();
        SendTimeoutNowIfCaughtUp(p);
    }

    private void HandleRejection(Progress p, in Message message)
    {
        if (p.State == ProgressState.Snapshot)
        {
            return;
        }

        ulong next = message.RejectHint;
        if (message.LogTerm > 0)
        {
            // Skip everything whose term the follower can't have there.
            (next, _) = _log.FindConflict(Math.Min(message.RejectHint, _log.LastIndex), message.LogTerm);
        }

        if (p.MaybeStepBack(message.Index, next) && p.State == ProgressState.Replicate)
        {
            p.BecomeProbe();
        }
    }

    private void HandleHeartbeatResponse(Progress p, in Message message)
    {
        p.RecentActive = true;
        p.ProbeSent = false;
        p.AckedTick = Math.Max(p.AckedTick, message.SentTick + 1);
        p.AckedRead = Math.Max(p.AckedRead, message.Context);
        if (p.Match < _log.LastIndex || p.State == ProgressState.Probe)
        {
            p.AppendDue = true;
            _flushDue = true;
        }

        ConfirmReads();
    }

    private void MaybeCommit()
    {
        ulong before = _log.Committed;
        ulong index = QuorumMatch();
        if (index <= before || (_log.Term(index) != Term && !Has(CoreFaults.CommitEarlierTerms)))
        {
            return;
        }

        long bytes = _log.PayloadBytes(before, index);
        _log.CommitTo(index);
        UncommittedBytes = Math.Max(0, UncommittedBytes - bytes);
        _flushDue = true;
        AdmitWaitingReads();
    }

    private static long PayloadBytes(ReadOnlySpan<Entry> entries)
    {
        long bytes = 0;
        foreach (ref readonly Entry entry in entries)
        {
            bytes += entry.Data.Length;
        }

        return bytes;
    }
}
