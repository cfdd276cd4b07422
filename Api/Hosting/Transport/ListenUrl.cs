using System.Net;
using System.Net.Sockets;

namespace Krewe.Api.Hosting.Transport;

/// <summary>Listen URLs as etcd takes them: an IP address or localhost, or a unix socket (behaviour 364).</summary>
internal static class ListenUrl
{
    public static bool IsTls(Uri url) => url.Scheme is "https" or "unixs";

    public static EndPoint ToEndPoint(Uri url)
    {
        if (url.Scheme is "unix" or "unixs")
        {
            return new UnixDomainSocketEndPoint(url.Host + (url.Port > 0 ? $":{url.Port}" : "") + url.AbsolutePath.TrimEnd('/'));
        }

        return new IPEndPoint(AddressOf(url), url.Port);
    }

    /// <summary>A socket that an earlier run left behind is in the way of its name; etcd removes whatever is there.</summary>
    public static void RemoveStaleSocket(EndPoint endPoint)
    {
        if (endPoint is UnixDomainSocketEndPoint)
        {
            File.Delete(endPoint.ToString()!);
        }
    }

    private static IPAddress AddressOf(Uri url)
    {
        if (url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)
            ? address
            : throw new ArgumentException($"listen URL {url}: the host must be an IP address or localhost", nameof(url));
    }
}
