using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Api.Services;

/// <summary>etcdserverpb.Cluster (behaviours 236-257). Headers have no revision (239).</summary>
internal sealed class ClusterService(IMembershipClient members, HeaderSource headers) : IGrpcService
{
    private const string Service = "etcdserverpb.Cluster";

    public IEnumerable<GrpcMethod> Methods =>
    [
        ProtoMethods.Missing(Service, "MemberAdd"),
        ProtoMethods.Missing(Service, "MemberRemove"),
        ProtoMethods.Missing(Service, "MemberUpdate"),
        ProtoMethods.Unary(Service, "MemberList", MemberListRequest.Parser, MemberListAsync),
        ProtoMethods.Missing(Service, "MemberPromote"),
    ];

    private async ValueTask<MemberListResponse> MemberListAsync(MemberListRequest request, CancellationToken cancellationToken)
    {
        var response = new MemberListResponse { Header = headers.ProtoWithoutRevision() };
        foreach (var member in await members.ListAsync(request.Linearizable, cancellationToken))
        {
            response.Members.Add(new Protos.Etcd.Member
            {
                ID = member.Id,
                Name = member.Name,
                PeerURLs = { member.PeerUrls },
                ClientURLs = { member.ClientUrls },
                IsLearner = member.IsLearner,
            });
        }

        return response;
    }
}
