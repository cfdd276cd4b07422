namespace Krewe.Raft.Core;

/// <content>Elections (Raft paper section 5.2; pre-vote and check-quorum: dissertation sections 9.6 and 6.2).</content>
public sealed partial class RaftCore
{
    /// <summary>
    /// Whether this node owes a leader its silence: it heard it less than the least election timeout ago, leads itself, or may have
    /// promised so before a restart.
    /// </summary>
    private bool VotesAreWithheld => _options.CheckQuorum
        && (IsLeader || (_ticksSinceLeader < _options.ElectionTimeoutTicks && !Has(CoreFaults.VoteAfterRestart)));

    /// <summary>A voter whose state machine contains what its log starts from.</summary>
    private bool IsPromotable => ConfState.IsVoter(Id) && _log.Applied >= _log.SnapshotIndex;

    /// <summary>
    /// Campaigns without waiting for the election timeout; a single voter leads as soon as its vote is durable.
    /// </summary>
    /// <returns>
    /// False if it may not campaign: it leads already, is no voter, has membership changes or a snapshot to apply, or (with lease reads)
    /// may have promised a leader its silence.
    /// </returns>
    public bool Campaign() => Hup(forced: false);

    /// <summary>
    /// Forgets the leader, so that this follower grants votes before the election timeout (the driver knows that the leader is
    /// dead). Refused with lease reads, whose safety rests on waiting.
    /// </summary>
    public bool ForgetLeader()
    {
        if (_options.LeaseReads || Role != RaftRole.Follower)
        {
            return false;
        }

        LeaderId = 0;
        _ticksSinceLeader = int.MaxValue;
        return true;
    }

    private bool Hup(bool forced)
    {
        if (IsLeader || !IsPromotable || _log.HasUnappliedConfChange())
        {
            return false;
        }

        if (_options.LeaseReads && VotesAreWithheld && !forced && !ConfState.IsSingleVoter(Id))
        {
            return false;
        }

        if (_options.PreVote && !forced)
        {
            CampaignBefore();
        }
        else
        {
            CampaignFor(forced);
        }

        return true;
    }

    private void CampaignBefore()
    {
        Role = RaftRole.PreCandidate;
        LeaderId = 0;
        RandomizeElectionTimeout();
        ClearVotes();
        if (RecordVote(Id, granted: true))
        {
            return;
        }

        foreach (Progress p in _progress)
        {
            if (p.Id != Id && ConfState.IsVoter(p.Id))
            {
                // Nothing is promised by asking: it need not wait for the disk.
                Send(VoteRequest(MessageType.PreVote, p.Id, Term + 1, forced: false));
            }
        }
    }

    private void CampaignFor(bool forced)
    {
        Invariant.Check(!IsLeader, "a leader does not campaign");
        Reset(Term + 1);
        Vote = Id;
        Role = RaftRole.Candidate;
        _selfVoteTerm = Term;
        foreach (Progress p in _progress)
        {
            if (p.Id != Id && ConfState.IsVoter(p.Id))
            {
                // Not before term and log end are durable: a candidate that crashed could otherwise campaign again for the same term
                // with a shorter log, and be elected by votes that were given to the longer one.
                SendAfterDurable(VoteRequest(MessageType.Vote, p.Id, Term, forced));
            }
        }
    }

    private Message VoteRequest(MessageType type, ulong to, ulong term, bool forced) => new()
    {
        Type = type,
        To = to,
        Term = term,
        Index = _log.LastIndex,
        LogTerm = _log.LastTerm,
        Force = forced,
    };

    private void HandleVoteRequest(in Message message)
    {
        bool repeated = message.Type == MessageType.Vote && message.Term == Term && Vote == message.From;
        if (VotesAreWithheld && !message.Force && !repeated)
        {
            return;
        }

        bool isPreVote = message.Type == MessageType.PreVote;
        if (message.Term > Term && !isPreVote)
        {
            BecomeFollower(message.Term, leader: 0);
        }

        bool free = Vote == message.From || (Vote == 0 && LeaderId == 0) || (isPreVote && message.Term > Term)
            || Has(CoreFaults.VoteTwice);
        bool upToDate = _log.IsUpToDate(message.Index, message.LogTerm) || Has(CoreFaults.VoteForStaleLog);
        bool goesBefore = isPreVote && GoesBefore(message);
        bool granted = free && upToDate && !goesBefore;
        if (goesBefore)
        {
            AskAgain(message.From);
        }

        if (granted && !isPreVote)
        {
            // Also a learner votes: it may have been promoted without knowing it yet.
            _electionElapsedTicks = 0;
            Vote = message.From;
        }

        // A granted pre-vote carries the term that was asked for, since the candidate's own term is behind it.
        SendAfterDurable(new Message
        {
            Type = isPreVote ? MessageType.PreVoteResponse : MessageType.VoteResponse,
            To = message.From,
            Term = granted ? message.Term : Term,
            Reject = !granted,
        });
    }

    /// <summary>
    /// Whether this node has just begun to campaign with the same log as the other one and has the greater ID. Without that rule two that begin at the same
    /// moment both win their pre-votes, split the votes, and all wait for another election timeout. It holds within the tick only: should this
    /// node not get on, the other one may a moment later.
    /// </summary>
    private bool GoesBefore(in Message preVote) =>
        Role == RaftRole.PreCandidate && _electionElapsedTicks == 0 && preVote.From < Id
        && preVote.Term == Term + 1 && preVote.Index == _log.LastIndex && preVote.LogTerm == _log.LastTerm;

    /// <summary>
    /// Repeats the pre-vote to a node that campaigns later and has not answered: if it gave the leader up only now, it kept silent
    /// when it was asked, and both would wait for another election timeout.
    /// </summary>
    private void AskAgain(ulong to)
    {
        if (Find(to) is { Vote: null })
        {
            Send(VoteRequest(MessageType.PreVote, to, Term + 1, forced: false));
        }
    }

    /// <summary>Counts a vote; true if that decided the campaign.</summary>
    private bool RecordVote(ulong from, bool granted)
    {
        if (Find(from) is not { } progress)
        {
            return false;
        }

        progress.Vote ??= granted;
        switch (TallyVotes())
        {
            case VoteOutcome.Won when Role == RaftRole.PreCandidate:
                CampaignFor(forced: false);
                return true;
            case VoteOutcome.Won:
                BecomeLeader();
                return true;
            case VoteOutcome.Lost:
                BecomeFollower(Term, leader: 0);
                return true;
            default:
                return false;
        }
    }

    private void BecomeLeader()
    {
        Invariant.Check(Role == RaftRole.Candidate, "only a candidate becomes leader");
        Reset(Term);
        Role = RaftRole.Leader;
        LeaderId = Id;
        _self!.BecomeReplicate();
        _self.MaybeUpdate(_log.StableIndex);
        _self.RecentActive = true;
        UncommittedBytes = _log.PayloadBytes(_log.Committed, _log.LastIndex);

        // An entry of the own term: only with it can the earlier ones be committed (Raft paper section 5.4.2), and until it is applied
        // there may be a membership change before it.
        AppendEntry(EntryKind.Normal, default);
        _pendingConfIndex = _log.LastIndex;
    }

    private void ClearVotes()
    {
        foreach (Progress p in _progress)
        {
            p.Vote = null;
        }
    }
}
