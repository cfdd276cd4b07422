using System.Globalization;
using System.Net;

namespace Krewe.Silo.Configuration.Options;

/// <summary>A URL of the only form that etcd takes for members and listeners (behaviour 242): scheme and host:port, no path.</summary>
/// <param name="Scheme">http, https, unix or unixs.</param>
/// <param name="Host">Host name or IP address without brackets; the socket path for unix and unixs.</param>
/// <param name="Port">TCP port; 0 for unix and unixs.</param>
public sealed record EtcdUrl(string Scheme, string Host, int Port)
{
    /// <summary>Whether connections to it use TLS.</summary>
    public bool IsTls => Scheme is "https" or "unixs";

    /// <summary>Whether it names a Unix domain socket.</summary>
    public bool IsUnixSocket => Scheme is "unix" or "unixs";

    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>What stands behind the scheme: host:port, or the path of a socket.</summary>
    public string Authority
    {
        get
        {
            if (IsUnixSocket)
            {
                return Host;
            }

            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>The URL in etcd's normal form.</summary>
    public override string ToString() => $"{Scheme}://{Authority}";

    /// <summary>Reads one URL; on failure <paramref name="error"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, out EtcdUrl url, out string error)
    {
        url = new EtcdUrl("", "", 0);
        error = "";
        var trimmed = text.Trim();
        var schemeEnd = trimmed.IndexOf("://", StringComparison.Ordinal);
        var scheme = schemeEnd < 0 ? "" : trimmed[..schemeEnd].ToLowerInvariant();
        if (scheme is not ("http" or "https" or "unix" or "unixs"))
        {
            error = $"URL scheme must be http, https, unix, or unixs: {trimmed}";
            return false;
        }

        var rest = trimmed[(schemeEnd + 3)..];
        if (scheme is "unix" or "unixs")
        {
            url = new EtcdUrl(scheme, rest, 0);
            return true;
        }

        return TryParseHostPort(scheme, rest, trimmed, ref url, ref error);
    }

    /// <summary>Reads a comma list; the result is sorted and without duplicates, as etcd keeps it.</summary>
    public static bool TryParseList(string text, out IReadOnlyList<EtcdUrl> urls, out string error)
    {
        var found = new SortedDictionary<string, EtcdUrl>(StringComparer.Ordinal);
        urls = [];
        error = "";
        foreach (var part in text.Split(','))
        {
            if (!TryParse(part, out var url, out error))
            {
                return false;
            }

            found[url.ToString()] = url;
        }

        urls = [.. found.Values];
        return true;
    }

    private static bool TryParseHostPort(string scheme, string authority, string whole, ref EtcdUrl url, ref string error)
    {
        if (authority.AsSpan().IndexOfAny("/?#") >= 0)
        {
            error = $"URL must not contain a path: {whole}";
            return false;
        }

        var colon = authority.LastIndexOf(':');
        var host = colon < 0 ? "" : authority[..colon];
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        var badHost = host.Contains('@', StringComparison.Ordinal) || host.Contains(' ', StringComparison.Ordinal)
            || (bracketed ? !IPAddress.TryParse(host, out _) : host.Contains(':', StringComparison.Ordinal));
        if (colon < 0
            || badHost
            || !ushort.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            error = $"URL address does not have the form \"host:port\": {whole}";
            return false;
        }

        url = new EtcdUrl(scheme, host, port);
        return true;
    }
}
