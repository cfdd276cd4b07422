using System.Buffers.Binary;

namespace Krewe.Benchmarks.Http2;

/// <summary>Frames of many streams gathered for one socket write.</summary>
internal sealed class SendBuffer
{
    private const int InitialCapacity = 64 * 1024;

    private byte[] _bytes = new byte[InitialCapacity];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Appends <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Append(int count)
    {
        if (_bytes.Length - _end < count)
        {
            MakeRoom(count);
        }

        var span = _bytes.AsSpan(_end, count);
        _end += count;
        return span;
    }

    public void AppendFrame(FrameType type, byte flags, int streamId, ReadOnlySpan<byte> payload)
    {
        var span = Append(FrameHeader.Size + payload.Length);
        new FrameHeader(payload.Length, type, flags, streamId).Write(span);
        payload.CopyTo(span[FrameHeader.Size..]);
    }

    public void AppendWindowUpdate(int streamId, int increment)
    {
        Span<byte> payload = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        AppendFrame(FrameType.WindowUpdate, FrameFlags.None, streamId, payload);
    }

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    private void MakeRoom(int count)
    {
        var used = _end - _start;
        var target = _bytes;
        if (used + count > _bytes.Length)
        {
            target = new byte[Math.Max(_bytes.Length * 2, used + count)];
        }

        _bytes.AsSpan(_start, used).CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = used;
    }
}
