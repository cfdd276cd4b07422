namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>
/// Membership as <c>Api</c> sees it (behaviours 236-257, 283). Failures arrive as <see cref="Errors.EtcdException"/>. A change is answered when
/// this member has applied it (behaviour 255); without quorum it waits until the caller gives up (behaviour 256).
/// </summary>
public interface IMembershipClient
{
    /// <summary>Members sorted by ID; <paramref name="linearizable"/> confirms with a quorum (behaviour 236).</summary>
    ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken);

    /// <summary>Adds a voter or a learner with the peer URLs; answers it (behaviours 242-247).</summary>
    ValueTask<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancellationToken);

    /// <summary>Removes a member for good (behaviours 248, 250, 251).</summary>
    ValueTask<MemberChanged> RemoveAsync(ulong id, CancellationToken cancellationToken);

    /// <summary>Replaces a member's peer URLs, which are not looked at (behaviours 250, 252).</summary>
    ValueTask<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls, CancellationToken cancellationToken);

    /// <summary>Makes a learner that is in sync a voter (behaviours 250, 253).</summary>
    ValueTask<MemberChanged> PromoteAsync(ulong id, CancellationToken cancellationToken);

    /// <summary>Hands leadership to a voter and waits until this member sees it lead (behaviour 283).</summary>
    /// <param name="target">The voter.</param>
    /// <param name="fromAnyMember">Whether another member's leadership may be handed over; if not, only this one's, as etcd has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask MoveLeaderAsync(ulong target, bool fromAnyMember, CancellationToken cancellationToken);
}
