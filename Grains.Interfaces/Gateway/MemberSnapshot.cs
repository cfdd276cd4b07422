using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>A member's <see cref="IMemberStatus"/> at one moment: what a process without a replica knows of the cluster.</summary>
[GenerateSerializer]
[Immutable]
[Alias("krewe.MemberSnapshot")]
public sealed record MemberSnapshot(
    [property: Id(0)] ulong ClusterId,
    [property: Id(1)] ulong MemberId,
    [property: Id(2)] ulong LeaderId,
    [property: Id(3)] ulong RaftTerm,
    [property: Id(4)] ulong RaftIndex,
    [property: Id(5)] ulong RaftAppliedIndex,
    [property: Id(6)] long Revision,
    [property: Id(7)] bool AuthEnabled)
{
    public static MemberSnapshot Of(IMemberStatus status, bool authEnabled)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new(
            status.ClusterId, status.MemberId, status.LeaderId, status.RaftTerm, status.RaftIndex, status.RaftAppliedIndex, status.Revision, authEnabled);
    }
}
