using System.Buffers;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// Frames in both directions over a connection of the snapshot lane. Each has a CRC-32C, so a damaged piece ends the transfer, and the next
/// one asks for it again. Whoever waits too long for the other side gets an <see cref="IOException"/>.
/// </summary>
internal sealed class SnapshotChannel(Stream stream, int maxFrameBytes, TimeSpan progressTimeout, TimeProvider time)
{
    private readonly byte[] _head = new byte[8];
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Throws <see cref="InvalidDataException"/> for a damaged frame.</summary>
    public Task<(PeerFrameKind Kind, ReadOnlyMemory<byte> Payload)> ReadAsync(CancellationToken cancellationToken) =>
        InTimeAsync(PeerFrame.ReadAsync(stream, _head, maxFrameBytes, cancellationToken).AsTask(), cancellationToken);

    public Task WriteAsync(PeerFrameKind kind, ReadOnlySpan<byte> payload, CancellationToken cancellationToken)
    {
        _buffer.ResetWrittenCount();
        PeerFrame.Write(_buffer, kind, payload);
        return FlushAsync(cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).AsTask().WaitAsync(progressTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new IOException("the peer takes nothing", e);
        }
    }

    private async Task<T> InTimeAsync<T>(Task<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read.WaitAsync(progressTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new IOException("the peer sends nothing", e);
        }
    }
}
