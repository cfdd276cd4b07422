namespace Krewe.Benchmarks.Messages;

/// <summary>Walks the fields of an encoded protobuf message without building objects.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    /// <summary>Number of the field the reader stands on.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field; its value must then be taken by exactly one of the Read or Skip methods.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = TakeVarint();
        Field = (int)(tag >> 3);
        _wireType = (int)(tag & 7);
        return true;
    }

    public long ReadInt64() => _wireType == Varint ? (long)TakeVarint() : throw Malformed();

    public ReadOnlySpan<byte> ReadBytes() => _wireType == LengthDelimited ? Take(TakeVarint()) : throw Malformed();

    public void Skip()
    {
        switch (_wireType)
        {
            case Varint:
                TakeVarint();
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case LengthDelimited:
                Take(TakeVarint());
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Malformed();
        }
    }

    private static BenchmarkException Malformed() => new("malformed protobuf message");

    private ulong TakeVarint()
    {
        ulong value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw Malformed();
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
