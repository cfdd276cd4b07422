namespace Krewe.Grains.Cluster.Members;

/// <summary>What membership changes are allowed.</summary>
/// <param name="StrictReconfigCheck"><c>--strict-reconfig-check</c>: refuse changes that would endanger the quorum.</param>
/// <param name="MaxLearners"><c>--max-learners</c>.</param>
public sealed record MembershipOptions(bool StrictReconfigCheck, int MaxLearners);
