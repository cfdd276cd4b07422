namespace Krewe.Api.Grpc;

/// <summary>A gRPC service: a list of RPCs.</summary>
internal interface IGrpcService
{
    IEnumerable<GrpcMethod> Methods { get; }
}
