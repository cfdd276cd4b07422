using System.Buffers.Binary;
using System.Text;

namespace Krewe.Grains.Cluster.Codec;

/// <summary>Reads what <see cref="FieldWriter"/> wrote. Throws <see cref="InvalidDataException"/> for anything cut short or malformed.</summary>
public ref struct FieldReader
{
    private ReadOnlySpan<byte> _rest;

    public FieldReader(ReadOnlySpan<byte> data) => _rest = data;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong UInt64() => (ulong)Int64();

    public Guid Guid() => new(Take(16), bigEndian: true);

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    public string? Text()
    {
        int length = Int32();
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>A string that the format never leaves out.</summary>
    public string RequiredText() => Text() ?? throw new InvalidDataException("A required text field is absent.");

    /// <summary>A count of items that are at least one byte each, so a damaged count cannot ask for more memory than the data holds.</summary>
    public int Count()
    {
        int count = Int32();
        return count >= 0 && count <= _rest.Length ? count : throw new InvalidDataException($"Impossible item count {count}.");
    }

    /// <summary>Checks the format version that rows and commands begin with.</summary>
    public void Version(byte expected)
    {
        byte version = Byte();
        if (version != expected)
        {
            throw new InvalidDataException($"Unknown format version {version}, expected {expected}.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new InvalidDataException($"Field of {count} bytes, but {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
