using System.Buffers;
using System.Runtime.CompilerServices;

namespace Krewe.Api.Wire;

/// <summary>
/// Writes protobuf fields straight into a transport's buffer. Call <see cref="Flush"/> before anybody else uses the buffer.
/// Field numbers must be below 16.
/// </summary>
internal ref struct ProtoWriter
{
    // A tag and the longest varint, twice: room for every scalar pair without asking again.
    private const int MinimumSpan = 32;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _position;

    public ProtoWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _span = default;
        _position = 0;
    }

    /// <summary>A number field; proto3 leaves zeros out.</summary>
    public void Field(int number, ulong value)
    {
        if (value == 0)
        {
            return;
        }

        Ensure();
        _span[_position++] = (byte)(number << 3);
        PutVarint(value);
    }

    public void Field(int number, long value) => Field(number, (ulong)value);

    public void Field(int number, bool value) => Field(number, value ? 1UL : 0UL);

    /// <summary>A bytes field; proto3 leaves empty ones out.</summary>
    public void Bytes(int number, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        Message(number, value.Length);
        Raw(value);
    }

    /// <summary>Starts a message field: the caller writes exactly <paramref name="length"/> bytes next.</summary>
    public void Message(int number, int length)
    {
        Ensure();
        _span[_position++] = (byte)((number << 3) | 2);
        PutVarint((ulong)length);
    }

    /// <summary>Bytes that are encoded already.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            var room = _span.Length - _position;
            if (value.Length <= room)
            {
                value.CopyTo(_span[_position..]);
                _position += value.Length;
                return;
            }

            value[..room].CopyTo(_span[_position..]);
            _position += room;
            value = value[room..];
            Refill();
        }
    }

    /// <summary>Hands what was written to the buffer.</summary>
    public void Flush()
    {
        if (_position > 0)
        {
            _output.Advance(_position);
        }

        _span = default;
        _position = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ensure()
    {
        if (_span.Length - _position < MinimumSpan)
        {
            Refill();
        }
    }

    private void Refill()
    {
        Flush();
        _span = _output.GetSpan(MinimumSpan);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PutVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _span[_position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _span[_position++] = (byte)value;
    }
}
