using System.Buffers.Binary;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Commands;

/// <summary>Reads the parts of a payload. Throws <see cref="InvalidDataException"/> where it is cut or malformed.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;
    private int _at;

    public readonly bool AtEnd => _at >= _payload.Length;

    public byte ReadByte() => Take(1)[0];

    public long ReadFixed64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public int ReadFixed32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public ulong ReadVarint() => Varint.TryRead(_payload, ref _at, out ulong value) ? value : throw Malformed();

    public ReadOnlySpan<byte> ReadBytes()
    {
        ulong length = ReadVarint();
        return length <= int.MaxValue ? Take((int)length) : throw Malformed();
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(_payload.Length - _at))
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> taken = _payload.Slice(_at, count);
        _at += count;
        return taken;
    }

    public static InvalidDataException Malformed() => new("A log entry's payload is malformed.");
}
