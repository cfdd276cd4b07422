namespace Krewe.Raft.Core;

/// <content>Linearizable reads (dissertation section 6.4).</content>
public sealed partial class RaftCore
{
    /// <summary>Registered reads that wait for a quorum to answer their batch's heartbeat, in order of batches.</summary>
    private readonly Queue<PendingRead> _reads = new();

    /// <summary>Reads that came before an entry of this term was committed.</summary>
    private readonly List<PendingRead> _waitingReads = [];

    /// <summary>Number of the last batch whose heartbeats went out.</summary>
    private ulong _readBatch;

    /// <summary>Reads are registered whose heartbeats did not go out yet.</summary>
    private bool _readBatchOpen;

    /// <summary>Another node was asked to campaign against leases in this term, so this leader's lease proves nothing any more.</summary>
    private bool _leaseRevoked;

    private bool HasCommittedInTerm => Has(CoreFaults.ReadBeforeTermCommit) || _log.Term(_log.Committed) == Term;

    /// <summary>
    /// Asks for a read barrier; the answer comes as a <see cref="ReadState"/> with the same context. All reads asked for until the next
    /// <see cref="TakeReady"/> share one round of heartbeats. Answers are lost when leadership changes or messages are lost:
    /// ask again after a time limit.
    /// </summary>
    /// <param name="context">
    /// Must not be used again, not even after a restart of the process, because a late answer from the leader could then
    /// confirm another read than the one it belongs to.
    /// </param>
    /// <returns>False if there is no leader to ask, or too many reads wait already.</returns>
    public bool ReadIndex(ulong context)
    {
        if (IsLeader)
        {
            return AdmitRead(new PendingRead(0, 0, context, Id));
        }

        if (LeaderId == 0)
        {
            return false;
        }

        Send(new Message { Type = MessageType.ReadIndex, To = LeaderId, Context = context });
        return true;
    }

    /// <summary>
    /// A read barrier without messages: succeeds on a leader that has committed an entry of its term and is either the single voter or (with
    /// <see cref="RaftOptions.LeaseReads"/>) holds a lease.
    /// </summary>
    /// <remarks>
    /// The lease counts from the ticks at which those heartbeats were sent that a quorum answered, and lasts
    /// (ElectionTimeoutTicks - 1) / (1 + MaxClockDriftPercent / 100) ticks less one. It holds if no two members' clocks differ in speed by
    /// more than that, and if the caller has delivered every tick that is due by a monotonic clock before it asks: a process that was
    /// stopped must first catch up with its ticks.
    /// </remarks>
    public bool TryLeaseRead(out ulong readIndex)
    {
        readIndex = _log.Committed;
        return IsLeader && HasCommittedInTerm && (ConfState.IsSingleVoter(Id) || HoldsLease);
    }

    private bool HoldsLease
    {
        get
        {
            if (Has(CoreFaults.LeaseWithoutQuorum))
            {
                return true;
            }

            if (!_options.LeaseReads || (_leaseRevoked && !Has(CoreFaults.LeaseDuringTransfer)))
            {
                return false;
            }

            ulong acked = QuorumValue(Measure.AckedTick);
            return acked != 0 && _tick - (acked - 1) < (ulong)_options.LeaseTicks;
        }
    }

    private void HandleReadIndex(in Message message)
    {
        if (IsLeader && Find(message.From) is not null)
        {
            AdmitRead(new PendingRead(0, 0, message.Context, message.From));
        }
    }

    private bool AdmitRead(PendingRead read)
    {
        if (!HasCommittedInTerm)
        {
            // The leader can't know yet what its predecessors committed.
            bool room = _waitingReads.Count < _options.MaxPendingReads;
            if (room)
            {
                _waitingReads.Add(read);
            }

            return room;
        }

        if (TryLeaseRead(out ulong index) || Has(CoreFaults.ReadWithoutQuorum))
        {
            Answer(read with { Index = index });
            return true;
        }

        if (_reads.Count >= _options.MaxPendingReads)
        {
            return false;
        }

        _reads.Enqueue(read with { Batch = _readBatch + 1, Index = _log.Committed });
        _readBatchOpen = true;
        return true;
    }

    private void AdmitWaitingReads()
    {
        if (_waitingReads.Count == 0 || !HasCommittedInTerm)
        {
            return;
        }

        foreach (PendingRead read in _waitingReads)
        {
            AdmitRead(read);
        }

        _waitingReads.Clear();
    }

    private void FlushReads()
    {
        if (_readBatchOpen)
        {
            _readBatchOpen = false;
            _readBatch++;
            BroadcastHeartbeat();

            // Without another voter nobody will answer.
            ConfirmReads();
        }
    }

    private void ConfirmReads()
    {
        if (_reads.Count == 0)
        {
            return;
        }

        ulong confirmed = Math.Min(QuorumValue(Measure.AckedRead), _readBatch);
        while (_reads.TryPeek(out PendingRead read) && read.Batch <= confirmed)
        {
            _reads.Dequeue();
            Answer(read);
        }
    }

    private void Answer(PendingRead read)
    {
        if (read.From == Id)
        {
            _next.ReadBuffer.Add(new ReadState(read.Context, read.Index));
            return;
        }

        Send(new Message
        {
            Type = MessageType.ReadIndexResponse,
            To = read.From,
            Term = Term,
            Index = read.Index,
            Context = read.Context,
        });
    }

    private void ClearReads()
    {
        _reads.Clear();
        _waitingReads.Clear();
        _readBatchOpen = false;
        _readBatch = 0;
    }
}
