namespace Krewe.Benchmarks.Load;

/// <summary>Which gRPC client sends the requests.</summary>
internal enum ClientKind
{
    /// <summary>The generator's own HTTP/2 client: the cheapest.</summary>
    Raw,

    /// <summary>Grpc.Net.Client, as a cross-check of the own one.</summary>
    GrpcDotNet,
}
