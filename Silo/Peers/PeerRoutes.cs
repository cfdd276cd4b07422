using System.Buffers;
using System.Globalization;
using System.Text;

namespace Krewe.Silo.Peers;

/// <summary>
/// The few HTTP routes that etcd has on the peer port (rpcs.tsv), answered once a connection: they are asked for at bootstrap and by
/// people, never under load.
/// </summary>
/// <param name="clusterId">For the X-Etcd-Cluster-ID header.</param>
/// <param name="answer">The JSON body for a path; null for none.</param>
internal sealed class PeerRoutes(ulong clusterId, Func<string, string?> answer)
{
    /// <summary>Reads the rest of a request's head and answers it. What is no HTTP request gets no answer.</summary>
    public async Task ServeAsync(Stream stream, byte[] buffer, int filled, CancellationToken cancellationToken)
    {
        if (!buffer.AsSpan(0, filled).StartsWith("GET "u8))
        {
            return;
        }

        while (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = filled == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            filled += read;
        }

        await stream.WriteAsync(Response(Path(buffer.AsSpan(0, filled))), cancellationToken).ConfigureAwait(false);
    }

    private static string Path(ReadOnlySpan<byte> head)
    {
        var target = head["GET ".Length..];
        var end = target.IndexOfAny(SearchValues.Create(" ?\r\n"u8));
        return Encoding.ASCII.GetString(target[..Math.Max(end, 0)]);
    }

    private byte[] Response(string path)
    {
        var body = answer(path);
        var status = body is null ? "404 Not Found" : "200 OK";
        var type = body is null ? "text/plain; charset=utf-8" : "application/json";
        body ??= "404 page not found\n";
        var length = Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nX-Etcd-Cluster-ID: {clusterId:x}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    }
}
