using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Grains.Cluster.Members;

/// <summary>
/// The applied member list for those who must follow it, such as the peer transport. Whoever follows compares the lists himself: after a
/// snapshot many members may have changed at once.
/// </summary>
public interface IMembersChanged
{
    /// <summary>Members sorted by ID; an immutable snapshot.</summary>
    IReadOnlyList<Member> Members { get; }

    /// <summary>Raised on the apply thread with the new list, also after a snapshot was loaded. Handlers must not block.</summary>
    event Action<IReadOnlyList<Member>>? Changed;

    /// <summary>Whether the member was removed; its ID never returns (behaviour 251).</summary>
    bool IsRemoved(ulong memberId);
}
