using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Gateway;

/// <summary>Which headers of a REST request reach the RPC as metadata.</summary>
internal static class GatewayMetadata
{
    private const string Prefix = "Grpc-Metadata-";
    private const string Bearer = "Bearer";
    private const string BearerSubprotocol = Bearer + ",";

    /// <summary>The token (behaviour 336), the time-out, and whatever is named with the prefix.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="isWebSocket">
    /// Whether the token may come as a subprotocol, which then stands for any other: a browser can set no header of a WebSocket but this one. It says
    /// <c>Bearer, token</c>; without that there is an empty token.
    /// </param>
    public static HeaderDictionary From(IHeaderDictionary headers, bool isWebSocket)
    {
        var metadata = new HeaderDictionary { ["content-type"] = "application/grpc" };
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                metadata[name[Prefix.Length..]] = value;
            }
            else if (name.Equals("authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("grpc-timeout", StringComparison.OrdinalIgnoreCase))
            {
                metadata[name] = value;
            }
        }

        if (isWebSocket && headers.SecWebSocketProtocol.ToString() is { Length: > 0 } subprotocol)
        {
            metadata["authorization"] = TokenIn(subprotocol);
        }

        return metadata;
    }

    /// <summary>
    /// The subprotocol to accept a WebSocket with (behaviour 336): a browser gives the connection up if it asked for some and was given none. Null for
    /// none, also where none is what etcd's proxy would give.
    /// </summary>
    public static string? SubprotocolFor(IHeaderDictionary headers) =>
        headers.SecWebSocketProtocol.ToString().StartsWith(Bearer, StringComparison.Ordinal) ? Bearer : null;

    private static string TokenIn(string subprotocol)
    {
        var start = subprotocol.IndexOf(BearerSubprotocol, StringComparison.Ordinal);
        return start < 0 ? "" : subprotocol[(start + BearerSubprotocol.Length)..].Trim(' ');
    }
}
