using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Cluster.Members;

/// <summary>The member list on a member with a replica.</summary>
public sealed class MembershipClient(MembersModule members, IReplicatedLog log) : IMembershipClient
{
    public async ValueTask<IReadOnlyList<Member>> ListAsync(bool linearizable, CancellationToken cancellationToken)
    {
        if (linearizable)
        {
            await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
        }

        return members.Members;
    }
}
