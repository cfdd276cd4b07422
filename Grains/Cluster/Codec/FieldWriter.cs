using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Krewe.Grains.Cluster.Codec;

/// <summary>Writes rows and commands of the cluster tables: fixed-width little-endian integers, byte strings with a 32 bit length.</summary>
public sealed class FieldWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>All that was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public FieldWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    public FieldWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public FieldWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    public FieldWriter UInt64(ulong value) => Int64((long)value);

    public FieldWriter Guid(Guid value)
    {
        value.TryWriteBytes(_buffer.GetSpan(16), bigEndian: true, out _);
        _buffer.Advance(16);
        return this;
    }

    public FieldWriter Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>A string as UTF-8; null and empty are told apart by a length of -1.</summary>
    public FieldWriter Text(string? value)
    {
        if (value is null)
        {
            return Int32(-1);
        }

        int length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
        return this;
    }
}
