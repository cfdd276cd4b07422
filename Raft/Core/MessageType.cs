namespace Krewe.Raft.Core;

/// <summary>Kinds of messages between nodes. The values are part of the wire format.</summary>
public enum MessageType : byte
{
    /// <summary>Entries after (Index, LogTerm), with the leader's commit index. Raft paper section 5.3.</summary>
    Append = 1,

    /// <summary>Durable up to Index, or rejected at Index with the hint (RejectHint, LogTerm).</summary>
    AppendResponse = 2,

    /// <summary>Keeps followers from campaigning; carries commit, the read batch (Context) and the tick of sending.</summary>
    Heartbeat = 3,

    /// <summary>Echoes Context and SentTick.</summary>
    HeartbeatResponse = 4,

    /// <summary>Asks whether a vote would be given in Term, without changing anybody's term (dissertation section 9.6).</summary>
    PreVote = 5,
    PreVoteResponse = 6,

    /// <summary>Asks for the vote of Term; (Index, LogTerm) is the end of the candidate's log.</summary>
    Vote = 7,
    VoteResponse = 8,

    /// <summary>A snapshot to restore; the driver sends the data with it.</summary>
    Snapshot = 9,

    /// <summary>The leader asks the target to campaign at once (dissertation section 3.10).</summary>
    TimeoutNow = 10,

    /// <summary>A follower asks the leader for a read index (dissertation section 6.4). Carries no term.</summary>
    ReadIndex = 11,
    ReadIndexResponse = 12,
}
