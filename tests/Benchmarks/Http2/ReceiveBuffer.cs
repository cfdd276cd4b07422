namespace Krewe.Benchmarks.Http2;

/// <summary>Bytes received but not yet parsed; hands out whole frames without copying them.</summary>
/// <remarks>A frame's payload stays valid until the next call of <see cref="Free"/>.</remarks>
internal sealed class ReceiveBuffer(int capacity = ReceiveBuffer.DefaultCapacity, int maxFrameSize = ReceiveBuffer.DefaultMaxFrameSize)
{
    public const int DefaultCapacity = 256 * 1024;
    public const int DefaultMaxFrameSize = 16 * 1024;

    private readonly byte[] _bytes = new byte[Math.Max(capacity, FrameHeader.Size + maxFrameSize)];
    private int _start;
    private int _end;

    /// <summary>Room for the next receive; never empty, since a whole frame always fits.</summary>
    public Span<byte> Free()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_bytes.Length - _start < FrameHeader.Size + maxFrameSize)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        return _bytes.AsSpan(_end);
    }

    public void Commit(int count) => _end += count;

    public bool TryReadFrame(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        var available = _bytes.AsSpan(_start, _end - _start);
        if (available.Length < FrameHeader.Size)
        {
            return false;
        }

        header = FrameHeader.Read(available);
        if (header.Length > maxFrameSize)
        {
            throw new Http2Exception($"frame of {header.Length} bytes exceeds the announced maximum of {maxFrameSize}");
        }

        if (available.Length < FrameHeader.Size + header.Length)
        {
            return false;
        }

        payload = available.Slice(FrameHeader.Size, header.Length);
        _start += FrameHeader.Size + header.Length;
        return true;
    }
}
