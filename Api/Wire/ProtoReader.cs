using System.Runtime.CompilerServices;

namespace Krewe.Api.Wire;

/// <summary>
/// Reads protobuf fields of one message. Bytes fields are copied out of the transport's buffer once; when the reader owns its
/// buffer, a field that makes up at least half of it is handed out as a slice, so large values are not copied a second time.
/// Malformed input throws <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct ProtoReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly byte[]? _owned;
    private readonly int _ownedOffset;
    private int _position;

    /// <summary>Over memory that is reused after the call: bytes fields are copied.</summary>
    public ProtoReader(ReadOnlySpan<byte> data)
        : this(data, null, 0)
    {
    }

    /// <summary>Over an array that nobody else writes to.</summary>
    public ProtoReader(byte[] owned)
        : this(owned, owned, 0)
    {
    }

    private ProtoReader(ReadOnlySpan<byte> data, byte[]? owned, int ownedOffset)
    {
        _data = data;
        _owned = owned;
        _ownedOffset = ownedOffset;
        _position = 0;
    }

    /// <summary>Reads the next tag; false at the end of the message.</summary>
    public bool TryReadTag(out uint tag)
    {
        if (_position == _data.Length)
        {
            tag = 0;
            return false;
        }

        var value = ReadVarint();
        if (value > uint.MaxValue || value >> 3 == 0)
        {
            throw new InvalidDataException("invalid tag");
        }

        tag = (uint)value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        if (_position < _data.Length && _data[_position] < 0x80)
        {
            return _data[_position++];
        }

        return ReadLongVarint();
    }

    public long ReadInt64() => (long)ReadVarint();

    public bool ReadBool() => ReadVarint() != 0;

    public int ReadEnum() => (int)ReadVarint();

    public ReadOnlyMemory<byte> ReadBytes()
    {
        var span = ReadSpan(out var offset);
        if (span.IsEmpty)
        {
            return default;
        }

        return _owned is not null && span.Length >= _owned.Length / 2
            ? _owned.AsMemory(_ownedOffset + offset, span.Length)
            : span.ToArray();
    }

    public ProtoReader ReadMessage()
    {
        var span = ReadSpan(out var offset);
        return new ProtoReader(span, _owned, _ownedOffset + offset);
    }

    /// <summary>Skips a field that the message does not know.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case 0:
                ReadVarint();
                break;
            case 1:
                Advance(8);
                break;
            case 2:
                ReadSpan(out _);
                break;
            case 5:
                Advance(4);
                break;
            default:
                throw new InvalidDataException("invalid wire type");
        }
    }

    private ReadOnlySpan<byte> ReadSpan(out int offset)
    {
        var length = ReadVarint();
        if (length > (ulong)(_data.Length - _position))
        {
            throw new InvalidDataException("unexpected end of message");
        }

        offset = _position;
        _position += (int)length;
        return _data.Slice(offset, (int)length);
    }

    private ulong ReadLongVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position == _data.Length)
            {
                throw new InvalidDataException("unexpected end of message");
            }

            var current = _data[_position++];
            value |= (ulong)(current & 0x7F) << shift;
            if (current < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("varint too long");
    }

    private void Advance(int count)
    {
        if (count > _data.Length - _position)
        {
            throw new InvalidDataException("unexpected end of message");
        }

        _position += count;
    }
}
