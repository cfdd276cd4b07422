using Krewe.Api.Grpc;

namespace Krewe.Api.Services;

/// <summary>v3electionpb.Election: listed, not built yet.</summary>
internal sealed class ElectionService : IGrpcService
{
    private const string Service = "v3electionpb.Election";

    public IEnumerable<GrpcMethod> Methods =>
    [
        ProtoMethods.Missing(Service, "Campaign"),
        ProtoMethods.Missing(Service, "Proclaim"),
        ProtoMethods.Missing(Service, "Leader"),
        ProtoMethods.Missing(Service, "Observe", GrpcMethodKind.ServerStream),
        ProtoMethods.Missing(Service, "Resign"),
    ];
}
