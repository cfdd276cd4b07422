using Grpc.Core;
using Microsoft.Extensions.Primitives;

namespace Krewe.Api.Grpc;

/// <summary>Codes as the <c>grpc-status</c> trailer and the metrics write them, made once.</summary>
internal static class GrpcStatusText
{
    private static readonly StringValues[] Numbers =
        [.. Enumerable.Range(0, Count).Select(n => new StringValues(n.ToString(System.Globalization.CultureInfo.InvariantCulture)))];

    /// <summary>Number of gRPC codes.</summary>
    public const int Count = 17;

    public static StringValues Of(StatusCode code) => Numbers[(int)code];

    /// <summary>etcd's metrics use Go's spelling.</summary>
    public static string Name(StatusCode code) => code == StatusCode.Cancelled ? "Canceled" : code.ToString();
}
