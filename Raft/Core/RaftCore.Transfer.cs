namespace Krewe.Raft.Core;

/// <content>Leadership transfer (dissertation section 3.10).</content>
public sealed partial class RaftCore
{
    /// <summary>
    /// Hands leadership over: brings the target up to date, then asks it to campaign at once. Proposals are refused meanwhile. Given
    /// up after one election timeout.
    /// </summary>
    public TransferResult TransferLeadership(ulong to)
    {
        if (!IsLeader)
        {
            return TransferResult.NotLeader;
        }

        if (Find(to) is not { } progress)
        {
            return TransferResult.UnknownMember;
        }

        if (!ConfState.IsVoter(to))
        {
            return TransferResult.Learner;
        }

        if (to == Id)
        {
            return TransferResult.AlreadyLeader;
        }

        if (TransferTarget == to)
        {
            return TransferResult.InProgress;
        }

        _electionElapsedTicks = 0;
        TransferTarget = to;
        progress.AppendDue = true;
        _flushDue = true;
        SendTimeoutNowIfCaughtUp(progress);
        return TransferResult.Started;
    }

    private void SendTimeoutNowIfCaughtUp(Progress p)
    {
        if (p.Id == TransferTarget && p.Match == _log.LastIndex)
        {
            // The message may be late by any time, so the lease is gone for the rest of the term, also if the transfer is given up.
            _leaseRevoked = true;
            Send(new Message { Type = MessageType.TimeoutNow, To = p.Id, Term = Term });
        }
    }

    private void AbortTransfer() => TransferTarget = 0;
}
