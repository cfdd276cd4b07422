using Google.Protobuf.Collections;
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
        ProtoMethods.Unary(Service, "MemberAdd", MemberAddRequest.Parser, MemberAddAsync, access: GrpcAccess.Root),
        ProtoMethods.Unary(Service, "MemberRemove", MemberRemoveRequest.Parser, MemberRemoveAsync, access: GrpcAccess.Root),
        ProtoMethods.Unary(Service, "MemberUpdate", MemberUpdateRequest.Parser, MemberUpdateAsync, access: GrpcAccess.Root),
        ProtoMethods.Unary(Service, "MemberList", MemberListRequest.Parser, MemberListAsync, access: GrpcAccess.Identity),
        ProtoMethods.Unary(Service, "MemberPromote", MemberPromoteRequest.Parser, MemberPromoteAsync, access: GrpcAccess.Root),
    ];

    private async ValueTask<MemberAddResponse> MemberAddAsync(MemberAddRequest request, CancellationToken cancellationToken)
    {
        var changed = await members.AddAsync([.. request.PeerURLs], request.IsLearner, cancellationToken);
        var response = new MemberAddResponse { Header = headers.ProtoWithoutRevision() };
        if (changed.Member is { } member)
        {
            response.Member = MemberEncoder.Encode(member);
        }

        Add(response.Members, changed.Members);
        return response;
    }

    private async ValueTask<MemberRemoveResponse> MemberRemoveAsync(MemberRemoveRequest request, CancellationToken cancellationToken)
    {
        var changed = await members.RemoveAsync(request.ID, cancellationToken);
        var response = new MemberRemoveResponse { Header = headers.ProtoWithoutRevision() };
        Add(response.Members, changed.Members);
        return response;
    }

    private async ValueTask<MemberUpdateResponse> MemberUpdateAsync(MemberUpdateRequest request, CancellationToken cancellationToken)
    {
        var changed = await members.UpdateAsync(request.ID, [.. request.PeerURLs], cancellationToken);
        var response = new MemberUpdateResponse { Header = headers.ProtoWithoutRevision() };
        Add(response.Members, changed.Members);
        return response;
    }

    private async ValueTask<MemberPromoteResponse> MemberPromoteAsync(MemberPromoteRequest request, CancellationToken cancellationToken)
    {
        var changed = await members.PromoteAsync(request.ID, cancellationToken);
        var response = new MemberPromoteResponse { Header = headers.ProtoWithoutRevision() };
        Add(response.Members, changed.Members);
        return response;
    }

    private async ValueTask<MemberListResponse> MemberListAsync(MemberListRequest request, CancellationToken cancellationToken)
    {
        var list = await members.ListAsync(request.Linearizable, cancellationToken);
        var response = new MemberListResponse { Header = headers.ProtoWithoutRevision() };
        Add(response.Members, list);
        return response;
    }

    private static void Add(RepeatedField<Protos.Etcd.Member> response, IReadOnlyList<Grains.Interfaces.Cluster.Member> list)
    {
        foreach (var member in list)
        {
            response.Add(MemberEncoder.Encode(member));
        }
    }
}
