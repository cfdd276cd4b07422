using System.Globalization;
using System.Net;

namespace Krewe.Grains.Cluster.Members;

/// <summary>etcd's rule for the peer URLs of a member that is added (behaviour 242).</summary>
public static class PeerUrls
{
    /// <summary>
    /// The URLs sorted, if there is one at least and each is scheme (http, https, unix or unixs) and host:port without path; null
    /// otherwise.
    /// </summary>
    public static IReadOnlyList<string>? TryNormalise(IReadOnlyList<string> urls)
    {
        var found = new List<string>(urls.Count);
        foreach (var url in urls)
        {
            var text = url.Trim();
            if (!IsGood(text))
            {
                return null;
            }

            found.Add(text);
        }

        found.Sort(StringComparer.Ordinal);
        return found.Count == 0 ? null : found;
    }

    private static bool IsGood(string url)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var rest = end < 0 ? "" : url[(end + 3)..];
        return url[..Math.Max(end, 0)].ToLowerInvariant() switch
        {
            "http" or "https" => IsHostPort(rest),
            "unix" or "unixs" => true,
            _ => false,
        };
    }

    private static bool IsHostPort(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.AsSpan().IndexOfAny("/?# ") >= 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        var host = text[..colon];
        return host.StartsWith('[') ? host.EndsWith(']') && IPAddress.TryParse(host, out _) : !host.Contains(':', StringComparison.Ordinal);
    }
}
