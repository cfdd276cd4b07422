using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>A member list and refusals of other members, as a test tells them.</summary>
internal sealed class FakeMembers : IMembersChanged, IPeerRefusals
{
    private readonly HashSet<ulong> _removed = [];

    public event Action<IReadOnlyList<Member>>? Changed;

    public event Action<PeerRefusal>? Refused;

    public IReadOnlyList<Member> Members => [];

    public bool IsRemoved(ulong memberId) => _removed.Contains(memberId);

    public void Remove(ulong memberId)
    {
        _removed.Add(memberId);
        Changed?.Invoke([]);
    }

    public void Refuse(PeerRefusal refusal) => Refused?.Invoke(refusal);
}
