namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>
/// The leader's side of membership: one grain (key 0) on the Raft leader's silo, which lets one change after the other into the log. Failures
/// arrive as <see cref="Errors.EtcdException"/>. Without quorum a call waits, as etcd's does (behaviour 256); its caller limits that.
/// </summary>
[Alias("krewe.IMembershipGrain")]
public interface IMembershipGrain : IGrainWithIntegerKey
{
    /// <summary>Adds a member with peer URLs in etcd's normal form.</summary>
    [ResponseTimeout("01:00:00")]
    [Alias("Add")]
    Task<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner);

    [ResponseTimeout("01:00:00")]
    [Alias("Remove")]
    Task<MemberChanged> RemoveAsync(ulong id);

    [ResponseTimeout("01:00:00")]
    [Alias("Update")]
    Task<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls);

    [ResponseTimeout("01:00:00")]
    [Alias("Promote")]
    Task<MemberChanged> PromoteAsync(ulong id);

    /// <summary>Begins to hand leadership to another member.</summary>
    [Alias("MoveLeader")]
    Task MoveLeaderAsync(ulong target);
}
