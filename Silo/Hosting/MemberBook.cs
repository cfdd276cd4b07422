using Krewe.Silo.Peers;

namespace Krewe.Silo.Hosting;

/// <summary>
/// The peers as the replicated list of members has them, and until then as this member heard of them when it started for the first
/// time. A member that has applied no list lets in whoever knows the cluster's id.
/// </summary>
internal sealed class MemberBook(MemberState state) : IPeerBook
{
    public ulong ClusterId => state.Identity.ClusterId;

    public ulong MemberId => state.Identity.MemberId;

    public IReadOnlyList<Uri> OwnUrls { get; } = [.. state.Options.Cluster.AdvertisePeerUrls.Select(u => new Uri(u.ToString()))];

    public PeerStanding StandingOf(ulong memberId)
    {
        if (state.Members.IsRemoved(memberId))
        {
            return PeerStanding.Removed;
        }

        return state.Members.Members.Count == 0 || state.KnownMembers.Find(memberId) is not null ? PeerStanding.Member : PeerStanding.Unknown;
    }

    public IReadOnlyList<Uri> UrlsOf(ulong memberId) =>
        state.KnownMembers.Find(memberId) is { } member ? [.. member.PeerUrls.Select(u => new Uri(u))] : [];
}
