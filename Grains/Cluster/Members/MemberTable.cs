using Krewe.Grains.Interfaces.Cluster;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>Members and configuration at one moment; immutable.</summary>
/// <param name="Members">Sorted by ID (behaviour 236).</param>
/// <param name="Removed">IDs that can never return (behaviour 251).</param>
/// <param name="Configuration">Who votes and who learns.</param>
/// <param name="ChangeIndex">Log index of the last membership change, a refused one included; 0 for none.</param>
internal sealed record MemberTable(
    IReadOnlyList<Member> Members, IReadOnlySet<ulong> Removed, ConfState Configuration, ulong ChangeIndex)
{
    public static readonly MemberTable Empty = new([], new HashSet<ulong>(), ConfState.Empty, 0);

    public Member? Find(ulong id) => Members.FirstOrDefault(m => m.Id == id);

    /// <summary>With the member added, or put in the place of the one with its ID.</summary>
    public MemberTable With(Member member) =>
        this with { Members = [.. Members.Where(m => m.Id != member.Id).Append(member).OrderBy(m => m.Id)] };

    public MemberTable Without(ulong id) =>
        this with { Members = [.. Members.Where(m => m.Id != id)], Removed = new HashSet<ulong>(Removed) { id } };
}
