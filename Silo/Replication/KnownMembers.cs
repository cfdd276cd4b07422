using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Silo.Replication;

/// <summary>
/// Where members are to be found: as applied here, and until then as this member heard of them when it started for the first time. A member
/// that joins must answer a leader that it has applied nothing of yet.
/// </summary>
/// <param name="applied">The replicated list.</param>
/// <param name="first">What the member started with.</param>
internal sealed class KnownMembers(IMembersChanged applied, IReadOnlyList<Member> first)
{
    /// <summary>The replicated list, or where there is none yet, what this member started with.</summary>
    public IReadOnlyList<Member> All => applied.Members.Count > 0 ? applied.Members : first;

    /// <summary>Null for a member that is not known or was removed.</summary>
    public Member? Find(ulong id)
    {
        if (applied.IsRemoved(id))
        {
            return null;
        }

        return Find(applied.Members, id) ?? Find(first, id);
    }

    private static Member? Find(IReadOnlyList<Member> members, ulong id)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Id == id)
            {
                return members[i];
            }
        }

        return null;
    }
}
