using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Grains.Gateway;

/// <summary>Membership as a gateway has it.</summary>
public sealed class GatewayMembership(MemberCalls calls) : IMembershipClient
{
    public ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.MembersAsync(linearizable, cancellationToken), cancellationToken);

    public ValueTask<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.AddMemberAsync(peerUrls, isLearner, cancellationToken), cancellationToken);

    public ValueTask<MemberChanged> RemoveAsync(ulong id, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.RemoveMemberAsync(id, cancellationToken), cancellationToken);

    public ValueTask<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.UpdateMemberAsync(id, peerUrls, cancellationToken), cancellationToken);

    public ValueTask<MemberChanged> PromoteAsync(ulong id, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.PromoteMemberAsync(id, cancellationToken), cancellationToken);

    /// <summary>Succeeds only if the gateway is connected to the leader, as with a member that is asked (behaviour 283).</summary>
    public async ValueTask MoveLeaderAsync(ulong target, CancellationToken cancellationToken) =>
        await calls.DoAsync(member => member.MoveLeaderAsync(target, cancellationToken), cancellationToken).ConfigureAwait(false);
}
