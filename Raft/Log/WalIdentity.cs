namespace Krewe.Raft.Log;

/// <summary>Whose log it is; written into every segment header.</summary>
/// <param name="ClusterId">The cluster's 64-bit id.</param>
/// <param name="MemberId">The member's 64-bit id.</param>
public readonly record struct WalIdentity(ulong ClusterId, ulong MemberId);
