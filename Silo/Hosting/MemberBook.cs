using Krewe.Grains.Cluster;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Hosting;

/// <summary>
/// The peers as the replicated list of members has them, and as --initial-cluster does for those that it does not have (yet). A member
/// that has not learnt of anybody lets in whoever knows the cluster's id.
/// </summary>
internal sealed class MemberBook : IPeerBook
{
    private readonly MemberState _state;
    private readonly Dictionary<ulong, Uri[]> _initial;

    public MemberBook(MemberState state)
    {
        _state = state;
        var cluster = state.Options.Cluster;
        _initial = cluster.InitialMembers.ToDictionary(
            m => MemberIdentity.MemberId(m.PeerUrls.Select(u => u.ToString()), cluster.InitialClusterToken),
            m => m.PeerUrls.Select(u => new Uri(u.ToString())).ToArray());
        OwnUrls = [.. cluster.AdvertisePeerUrls.Select(u => new Uri(u.ToString()))];
    }

    public ulong ClusterId => _state.Identity.ClusterId;

    public ulong MemberId => _state.Identity.MemberId;

    public IReadOnlyList<Uri> OwnUrls { get; }

    public PeerStanding StandingOf(ulong memberId)
    {
        var members = _state.Members.Members;
        return members.Count == 0 || _initial.ContainsKey(memberId) || members.Any(m => m.Id == memberId)
            ? PeerStanding.Member
            : PeerStanding.Unknown;
    }

    public IReadOnlyList<Uri> UrlsOf(ulong memberId)
    {
        var member = _state.Members.Members.FirstOrDefault(m => m.Id == memberId);
        return member is not null
            ? [.. member.PeerUrls.Select(u => new Uri(u))]
            : _initial.GetValueOrDefault(memberId, []);
    }
}
