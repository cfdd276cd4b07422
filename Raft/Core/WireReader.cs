namespace Krewe.Raft.Core;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Errors are remembered (<see cref="Failed"/>) and everything after one reads as
/// zero, so that callers check once.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> data)
{
    private readonly ReadOnlySpan<byte> _span = data.Span;
    private int _position;

    public bool Failed { get; private set; }

    public readonly bool IsAtEnd => !Failed && _position == _span.Length;

    public readonly int Remaining => _span.Length - _position;

    public byte Byte()
    {
        if (Failed || _position == _span.Length)
        {
            Failed = true;
            return 0;
        }

        return _span[_position++];
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return Failed ? 0 : value;
            }
        }

        Failed = true;
        return 0;
    }

    /// <summary>Length-prefixed bytes, as a slice of the input.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        ulong length = Varint();
        if (Failed || length > (ulong)Remaining)
        {
            Failed = true;
            return default;
        }

        ReadOnlyMemory<byte> bytes = data.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }
}
