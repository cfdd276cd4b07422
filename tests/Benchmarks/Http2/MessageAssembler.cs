using System.Buffers.Binary;

namespace Krewe.Benchmarks.Http2;

/// <summary>Cuts a stream's DATA into gRPC messages (one compression byte, four of length, the message).</summary>
internal sealed class MessageAssembler
{
    public const int PrefixSize = 5;
    public const int MaxMessageBytes = 256 * 1024 * 1024;

    private byte[] _partial = [];
    private int _count;

    public bool IsEmpty => _count == 0;

    public void Reset() => _count = 0;

    /// <summary>
    /// Takes one message out of <paramref name="data"/> and what came before it. A message wholly inside
    /// <paramref name="data"/> is not copied; it is valid until the next call.
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_count == 0 && data.Length >= PrefixSize)
        {
            var whole = PrefixSize + ReadLength(data);
            if (data.Length >= whole)
            {
                message = data[PrefixSize..whole];
                data = data[whole..];
                return true;
            }
        }

        return TryReadPartial(ref data, out message);
    }

    private bool TryReadPartial(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> message)
    {
        message = default;
        Take(ref data, PrefixSize);
        if (_count < PrefixSize)
        {
            return false;
        }

        var whole = PrefixSize + ReadLength(_partial);
        Take(ref data, whole);
        if (_count < whole)
        {
            return false;
        }

        message = _partial.AsSpan(PrefixSize, whole - PrefixSize);
        _count = 0;
        return true;
    }

    private void Take(ref ReadOnlySpan<byte> data, int upTo)
    {
        var count = Math.Min(data.Length, upTo - _count);
        if (count <= 0)
        {
            return;
        }

        if (_partial.Length < upTo)
        {
            Array.Resize(ref _partial, Math.Max(upTo, _partial.Length * 2));
        }

        data[..count].CopyTo(_partial.AsSpan(_count));
        _count += count;
        data = data[count..];
    }

    private static int ReadLength(ReadOnlySpan<byte> prefix)
    {
        if (prefix[0] != 0)
        {
            throw new Http2Exception("compressed message, though none was asked for");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return length <= MaxMessageBytes ? (int)length : throw new Http2Exception($"message of {length} bytes");
    }
}
