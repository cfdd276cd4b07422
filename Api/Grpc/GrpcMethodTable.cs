namespace Krewe.Api.Grpc;

/// <summary>Every RPC of every service.</summary>
internal sealed class GrpcMethodTable(IEnumerable<IGrpcService> services)
{
    public IReadOnlyList<GrpcMethod> Methods { get; } = [.. services.SelectMany(s => s.Methods)];
}
