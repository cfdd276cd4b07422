using Grpc.Core;

namespace Krewe.Api.Grpc;

/// <summary>How an RPC ended; the default is OK.</summary>
/// <param name="Code">The gRPC code.</param>
/// <param name="Message">The text that clients see; null for OK.</param>
internal readonly record struct GrpcStatus(StatusCode Code, string? Message)
{
    public static readonly GrpcStatus Ok;

    /// <summary>The client's deadline passed, or the server waited too long for a leader.</summary>
    public static readonly GrpcStatus DeadlineExceeded = new(StatusCode.DeadlineExceeded, "context deadline exceeded");

    public static readonly GrpcStatus Canceled = new(StatusCode.Cancelled, "context canceled");

    public bool IsOk => Code == StatusCode.OK;
}
