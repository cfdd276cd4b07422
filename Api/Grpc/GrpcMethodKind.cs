namespace Krewe.Api.Grpc;

/// <summary>Shapes of an RPC, with the names that the metrics use.</summary>
internal enum GrpcMethodKind
{
    Unary,
    ServerStream,
    BidiStream,
}
