using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Api.Mapping;

/// <summary>A member as etcdserverpb.Member.</summary>
internal static class MemberEncoder
{
    public static Protos.Etcd.Member Encode(Member member) => new()
    {
        ID = member.Id,
        Name = member.Name,
        PeerURLs = { member.PeerUrls },
        ClientURLs = { member.ClientUrls },
        IsLearner = member.IsLearner,
    };
}
