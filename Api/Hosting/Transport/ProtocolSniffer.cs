using System.Buffers;
using System.IO.Pipelines;

namespace Krewe.Api.Hosting.Transport;

/// <summary>Looks at a connection's first bytes without consuming them.</summary>
internal static class ProtocolSniffer
{
    /// <summary>The type of a TLS record with a handshake (RFC 8446, section 5.1).</summary>
    private const byte TlsHandshake = 22;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Waits for enough bytes to tell, at most for <paramref name="timeout"/>.</summary>
    public static async ValueTask<SniffedProtocol> SniffAsync(
        PipeReader input, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                var verdict = Judge(read.Buffer);
                if (verdict is not null || read.IsCompleted)
                {
                    // Nothing is consumed and nothing more examined than before, so the next reader sees all of it at once.
                    input.AdvanceTo(read.Buffer.Start);
                    return verdict ?? (read.Buffer.IsEmpty ? SniffedProtocol.Nothing : SniffedProtocol.Http1);
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SniffedProtocol.Nothing;
        }
    }

    // Null while the bytes are a proper prefix of the preface.
    private static SniffedProtocol? Judge(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> head = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, length).CopyTo(head);
        if (length > 0 && head[0] == TlsHandshake)
        {
            return SniffedProtocol.Tls;
        }

        if (!head[..length].SequenceEqual(Preface[..length]))
        {
            return SniffedProtocol.Http1;
        }

        return length == Preface.Length ? SniffedProtocol.Http2 : null;
    }
}
