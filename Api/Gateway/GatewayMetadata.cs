using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Gateway;

/// <summary>Which headers of a REST request reach the RPC as metadata.</summary>
internal static class GatewayMetadata
{
    private const string Prefix = "Grpc-Metadata-";

    /// <summary>The token (behaviour 336), the time-out, and whatever is named with the prefix.</summary>
    public static HeaderDictionary From(IHeaderDictionary headers)
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

        return metadata;
    }
}
