namespace Krewe.Silo.Tests.Snapshots;

/// <summary>A connection that flips a bit of what is written, or ends, after so many bytes.</summary>
internal sealed class FaultyStream(Stream inner, long faultAt, bool flips) : Stream
{
    private long _written;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var before = _written;
        _written += buffer.Length;
        if (before < faultAt && _written >= faultAt)
        {
            if (!flips)
            {
                await inner.DisposeAsync();
                throw new IOException("the connection broke");
            }

            var damaged = buffer.ToArray();
            damaged[^1] ^= 1;
            buffer = damaged;
        }

        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
