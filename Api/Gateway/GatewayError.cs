using System.Text.Json;
using Grpc.Core;
using Krewe.Api.Grpc;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Gateway;

/// <summary>How a gRPC status looks in the gateway (behaviours 332, 333).</summary>
internal static class GatewayError
{
    public static int HttpStatus(StatusCode code) => code switch
    {
        StatusCode.OK => StatusCodes.Status200OK,
        StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        StatusCode.NotFound => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.Aborted => StatusCodes.Status409Conflict,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The body as UTF-8: <c>{"code":N,"message":"text"}</c>.</summary>
    public static byte[] Body(in GrpcStatus status) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["code"] = (int)status.Code, ["message"] = status.Message ?? "" });
}
