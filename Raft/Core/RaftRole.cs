namespace Krewe.Raft.Core;

/// <summary>What a node is in its current term (Raft paper section 5.1; pre-candidate: dissertation section 9.6).</summary>
public enum RaftRole : byte
{
    Follower = 0,
    PreCandidate = 1,
    Candidate = 2,
    Leader = 3,
}
