namespace Krewe.Raft.Core;

/// <summary>What became of a request to hand leadership over (dissertation section 3.10).</summary>
public enum TransferResult : byte
{
    /// <summary>Under way; it ends by a change of leader, or is given up after one election timeout.</summary>
    Started = 0,

    /// <summary>A transfer to the same node is under way already.</summary>
    InProgress = 1,

    NotLeader = 2,

    /// <summary>The target is no member.</summary>
    UnknownMember = 3,

    /// <summary>The target is a learner.</summary>
    Learner = 4,

    /// <summary>The target is this node.</summary>
    AlreadyLeader = 5,
}
