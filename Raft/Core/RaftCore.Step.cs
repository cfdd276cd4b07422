namespace Krewe.Raft.Core;

/// <content>Messages: terms first, then by role.</content>
public sealed partial class RaftCore
{
    /// <summary>
    /// Takes a message from another node. What is out of date, malformed or from strangers is dropped without an error, as if the
    /// network had lost it.
    /// </summary>
    public void Step(in Message message)
    {
        if (message.To != Id || message.From == Id || message.From == 0 || !IsWellFormed(message))
        {
            return;
        }

        if (message.Type == MessageType.ReadIndex)
        {
            HandleReadIndex(message);
            return;
        }

        if (message.Term < Term)
        {
            HandleEarlierTerm(message);
            return;
        }

        if (message.Type is MessageType.Vote or MessageType.PreVote)
        {
            HandleVoteRequest(message);
            return;
        }

        if (message.Term > Term && !(message.Type == MessageType.PreVoteResponse && !message.Reject))
        {
            BecomeFollower(message.Term, IsFromLeader(message.Type) ? message.From : 0);
        }

        Dispatch(message);
    }

    private static bool IsFromLeader(MessageType type) => type is MessageType.Append or MessageType.Heartbeat or MessageType.Snapshot;

    private static bool IsWellFormed(in Message message)
    {
        if (message.Term == 0 != (message.Type == MessageType.ReadIndex))
        {
            return false;
        }

        if (message.Type == MessageType.Snapshot)
        {
            return message.Snapshot is { Index: > 0 };
        }

        ulong index = message.Index;
        ulong term = message.LogTerm;
        foreach (ref readonly Entry entry in message.Entries.Span)
        {
            if (entry.Index != ++index || entry.Term < term || entry.Term > message.Term)
            {
                return false;
            }

            term = entry.Term;
        }

        return true;
    }

    private void HandleEarlierTerm(in Message message)
    {
        if (message.Type is MessageType.Append or MessageType.Heartbeat)
        {
            // A leader that does not know the later term (Raft paper, figure 2). This node got there alone. It may be unable to tell by asking for votes: they
            // are ignored while the leader lives, or this node is no voter in the configuration that it knows, or asks others than the leader's followers.
            SendAfterDurable(new Message { Type = MessageType.AppendResponse, To = message.From, Term = Term });
        }
        else if (message.Type == MessageType.PreVote)
        {
            SendAfterDurable(new Message { Type = MessageType.PreVoteResponse, To = message.From, Term = Term, Reject = true });
        }
    }

    private void Dispatch(in Message message)
    {
        switch (message.Type)
        {
            case MessageType.Append:
                FollowLeader(message.From);
                HandleAppend(message);
                break;
            case MessageType.Heartbeat:
                FollowLeader(message.From);
                HandleHeartbeat(message);
                break;
            case MessageType.Snapshot:
                FollowLeader(message.From);
                HandleSnapshot(message);
                break;
            case MessageType.PreVoteResponse when Role == RaftRole.PreCandidate && (message.Reject || message.Term == Term + 1):
            case MessageType.VoteResponse when Role == RaftRole.Candidate:
                RecordVote(message.From, !message.Reject);
                break;
            case MessageType.TimeoutNow when Role == RaftRole.Follower:
                Hup(forced: true);
                break;
            case MessageType.ReadIndexResponse when !IsLeader:
                _next.ReadBuffer.Add(new ReadState(message.Context, message.Index));
                break;
            case MessageType.AppendResponse when IsLeader && Find(message.From) is { } progress:
                HandleAppendResponse(progress, message);
                break;
            case MessageType.HeartbeatResponse when IsLeader && Find(message.From) is { } progress:
                HandleHeartbeatResponse(progress, message);
                break;
            default:
                break;
        }
    }

    private void FollowLeader(ulong leader)
    {
        Invariant.Check(Role != RaftRole.Leader, "two leaders in one term");
        Invariant.Check(LeaderId == 0 || LeaderId == leader, "two leaders in one term");
        if (Role != RaftRole.Follower)
        {
            BecomeFollower(Term, leader);
        }

        LeaderId = leader;
        _electionElapsedTicks = 0;
        _ticksSinceLeader = 0;
    }
}
