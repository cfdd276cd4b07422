namespace Krewe.Raft.Core;

/// <content>Outputs and completions.</content>
public sealed partial class RaftCore
{
    /// <summary>Recycled Readys that are kept.</summary>
    private const int MaxPooledReadys = 16;

    private readonly Stack<Ready> _pool = new();
    private readonly Queue<(ulong LastIndex, long Bytes)> _applyBudget = new();
    private long _applyingBytes;
    private Ready _next = new();
    private HardState _emittedHardState;
    private SoftState _emittedSoftState;
    private SnapshotMetadata? _snapshotToStore;
    private ulong _appendSequence;

    /// <summary>A vote for this node itself that counts once it is durable; 0 for none.</summary>
    private ulong _selfVoteTerm;

    private bool StorageIsOpen => _log.UndurableCount < _options.MaxUndurableReadys;

    /// <summary>
    /// What to store before anything else of the next Ready. The commit index may not be ahead of what is stored already: if the rest were torn
    /// off, a stale tail that was to be overwritten would count as committed.
    /// </summary>
    private HardState HardStateToStore => new(Term, Vote, CommitToStore);

    private ulong CommitToStore => _snapshotToStore is not null
        ? _emittedHardState.Commit
        : Has(CoreFaults.CommitAheadOfLog) ? _log.Committed : Math.Min(_log.Committed, _log.HandedOut);

    /// <summary>Whether <see cref="TakeReady"/> would return any work.</summary>
    public bool HasReady
    {
        get
        {
            Flush();
            return _next.MessageBuffer.Count > 0
                || _next.ReadBuffer.Count > 0
                || _emittedSoftState != new SoftState(LeaderId, Role)
                || CanHandOutCommitted
                || (StorageIsOpen && HasStorageWork);
        }
    }

    /// <summary>A commit index alone is no reason for a Ready: it is advisory and goes along with the next one.</summary>
    private bool HasStorageWork => _snapshotToStore is not null
        || _log.HandedOut < _log.LastIndex
        || _emittedHardState.Term != Term
        || _emittedHardState.Vote != Vote
        || _next.DurableMessageBuffer.Count > 0;

    private bool CanHandOutCommitted => _log.Applying < _log.ApplicableIndex && _applyingBytes < _options.MaxApplyingBytes;

    /// <summary>The work that has come up since the last call. See <see cref="Ready"/> for what to do with it.</summary>
    public Ready TakeReady()
    {
        Flush();
        Ready ready = _next;
        _next = _pool.Count > 0 ? _pool.Pop() : new Ready();
        var softState = new SoftState(LeaderId, Role);
        if (softState != _emittedSoftState)
        {
            ready.SoftState = _emittedSoftState = softState;
        }

        if (StorageIsOpen)
        {
            TakeStorageWork(ready);
        }
        else
        {
            (ready.DurableMessageBuffer, _next.DurableMessageBuffer) = (_next.DurableMessageBuffer, ready.DurableMessageBuffer);
        }

        ready.AppendSequence = _appendSequence;
        TakeCommitted(ready);
        return ready;
    }

    /// <summary>Gives a Ready back for reuse. Nothing may use its memory afterwards.</summary>
    public void Recycle(Ready ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (_pool.Count < MaxPooledReadys)
        {
            ready.Clear();
            _pool.Push(ready);
        }
    }

    /// <summary>
    /// All storage work of the Readys up to <paramref name="sequence"/> (<see cref="Ready.AppendSequence"/>) is durable. Each Ready may be
    /// reported, or only the last one of a group.
    /// </summary>
    public void AppendDurable(ulong sequence)
    {
        Invariant.Check(sequence <= _appendSequence, "reported durable what was not handed out");
        ulong selfVoteTerm = 0;
        while (_log.TryEndAppend(sequence, out UndurableAppend done))
        {
            selfVoteTerm = Math.Max(selfVoteTerm, done.SelfVoteTerm);
        }

        if (selfVoteTerm == Term && Role == RaftRole.Candidate)
        {
            RecordVote(Id, granted: true);
        }

        if (IsLeader && _self is not null && _self.MaybeUpdate(_log.StableIndex))
        {
            MaybeCommit();
        }
    }

    private void Flush()
    {
        if (!IsLeader)
        {
            return;
        }

        FlushReads();
        FlushAppends();
    }

    private void TakeStorageWork(Ready ready)
    {
        HardState hardState = HardStateToStore;
        bool mustSync = hardState.Term != _emittedHardState.Term || hardState.Vote != _emittedHardState.Vote;
        if (hardState != _emittedHardState)
        {
            ready.HardState = _emittedHardState = hardState;
        }

        if (_snapshotToStore is not null)
        {
            ready.Snapshot = _snapshotToStore;
            _snapshotToStore = null;
            mustSync = true;
        }

        _log.HandOutUnstable(ready.EntryBuffer);
        mustSync |= ready.EntryBuffer.Count > 0;
        if (mustSync)
        {
            ready.MustSync = true;
            _appendSequence++;
            _log.BeginAppend(_appendSequence, _selfVoteTerm);
            _selfVoteTerm = 0;
        }
    }

    private void TakeCommitted(Ready ready)
    {
        if (!CanHandOutCommitted)
        {
            return;
        }

        _log.HandOutCommitted(ready.CommittedBuffer, _options.MaxCommittedBytesPerReady);
        long bytes = 0;
        foreach (ref readonly Entry entry in ready.CommittedBuffer.Span)
        {
            bytes += entry.Data.Length;
        }

        _applyingBytes += bytes;
        _applyBudget.Enqueue((_log.Applying, bytes));
    }

    private void ReleaseApplyBudget(ulong index)
    {
        while (_applyBudget.TryPeek(out (ulong LastIndex, long Bytes) batch) && batch.LastIndex <= index)
        {
            _applyingBytes -= batch.Bytes;
            _applyBudget.Dequeue();
        }
    }
}
