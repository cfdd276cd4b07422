namespace Krewe.Api.Grpc;

/// <summary>What reading a request brought: a message, the client's half-close, or a failure that ends the call.</summary>
internal readonly record struct GrpcReadResult(bool HasMessage, GrpcStatus Failure)
{
    public static readonly GrpcReadResult Message = new(true, GrpcStatus.Ok);

    public static readonly GrpcReadResult End;

    public static GrpcReadResult Failed(GrpcStatus status) => new(false, status);
}
