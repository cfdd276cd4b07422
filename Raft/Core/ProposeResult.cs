namespace Krewe.Raft.Core;

/// <summary>What became of a proposal. Everything but <see cref="Accepted"/> means that it is certainly not in the log.</summary>
public enum ProposeResult : byte
{
    /// <summary>Appended to the leader's log; commits unless leadership is lost first.</summary>
    Accepted = 0,

    /// <summary>This node does not lead; ask <see cref="RaftCore.LeaderId"/>.</summary>
    NotLeader = 1,

    /// <summary>Leadership is being handed over; nothing may be appended meanwhile (dissertation section 3.10).</summary>
    TransferInProgress = 2,

    /// <summary>The uncommitted tail holds <see cref="RaftOptions.MaxUncommittedBytes"/>; try again after commits.</summary>
    UncommittedLimit = 3,

    /// <summary>Another membership change may be in the log and is not applied yet.</summary>
    ConfChangePending = 4,

    /// <summary>The change makes no sense in the current configuration (no voter left, not joint, joint must be left first, ...).</summary>
    InvalidConfChange = 5,
}
