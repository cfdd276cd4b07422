using Google.Protobuf.Reflection;
using Krewe.Api.Grpc;

namespace Krewe.Api.Gateway;

/// <summary>One REST path of the JSON gateway and the RPC behind it.</summary>
/// <param name="Method">The RPC.</param>
/// <param name="Request">Type of a request message.</param>
/// <param name="Response">Type of a response message.</param>
internal sealed record GatewayRoute(GrpcMethod Method, MessageDescriptor Request, MessageDescriptor Response)
{
    /// <summary>Whether the body may hold several messages.</summary>
    public bool StreamsRequests => Method.Kind == GrpcMethodKind.BidiStream;

    /// <summary>Whether the answer is a line for each message (behaviour 329).</summary>
    public bool StreamsResponses => Method.Kind != GrpcMethodKind.Unary;
}
