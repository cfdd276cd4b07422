using System.Net.Security;
using System.Security.Authentication;

namespace Krewe.Conformance.Tls;

/// <summary>Catches the first bytes of a TLS client, which nobody answers.</summary>
internal sealed class HelloRecorder : MemoryStream
{
    private readonly MemoryStream _written = new();

    /// <summary>A client hello as it stands on the wire.</summary>
    public static async Task<byte[]> RecordAsync()
    {
        await using var recorder = new HelloRecorder();
        await using var stream = new SslStream(recorder);
        try
        {
            await stream.AuthenticateAsClientAsync("localhost");
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // The answer is the end of the stream.
        }

        return recorder._written.ToArray();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _written.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        _written.Dispose();
        base.Dispose(disposing);
    }
}
