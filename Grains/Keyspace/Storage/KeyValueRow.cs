using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>
/// Values of <see cref="StoreTable.Revisions"/>: mvccpb.KeyValue in protocol buffers' wire form, fields in ascending order and default
/// values left out, byte for byte what etcd stores.
/// </summary>
public static class KeyValueRow
{
    private const byte KeyTag = (1 << 3) | 2;
    private const byte CreateTag = 2 << 3;
    private const byte ModTag = 3 << 3;
    private const byte VersionTag = 4 << 3;
    private const byte ValueTag = (5 << 3) | 2;
    private const byte LeaseTag = 6 << 3;

    /// <summary>Bytes that <see cref="Write"/> needs at most.</summary>
    public static int MaxLength(int keyLength, int valueLength) => keyLength + valueLength + (6 * (1 + Varint.MaxLength));

    /// <summary>Writes a row; answers its length. All numbers 0 and the value empty for a tombstone.</summary>
    public static int Write(
        Span<byte> target, ReadOnlySpan<byte> key, long create, long mod, long version, ReadOnlySpan<byte> value, long lease)
    {
        int at = WriteBytes(target, 0, KeyTag, key);
        at = WriteNumber(target, at, CreateTag, create);
        at = WriteNumber(target, at, ModTag, mod);
        at = WriteNumber(target, at, VersionTag, version);
        at = WriteBytes(target, at, ValueTag, value);
        return WriteNumber(target, at, LeaseTag, lease);
    }

    /// <summary>Reads a row; key and value are slices of it. Throws <see cref="InvalidDataException"/> if it is malformed.</summary>
    public static KeyValue Read(ReadOnlyMemory<byte> row)
    {
        Parse(row.Span, out Range key, out Range value, out long create, out long mod, out long version, out long lease);
        return new KeyValue(row[key], create, mod, version, row[value], lease);
    }

    internal static void Parse(
        ReadOnlySpan<byte> row, out Range key, out Range value, out long create, out long mod, out long version, out long lease)
    {
        key = value = default;
        create = mod = version = lease = 0;
        int at = 0;
        while (at < row.Length)
        {
            byte tag = row[at++];
            if (!Varint.TryRead(row, ref at, out ulong number))
            {
                throw Malformed();
            }

            switch (tag)
            {
                case KeyTag:
                    key = Take(row, ref at, number);
                    break;
                case ValueTag:
                    value = Take(row, ref at, number);
                    break;
                case CreateTag:
                    create = (long)number;
                    break;
                case ModTag:
                    mod = (long)number;
                    break;
                case VersionTag:
                    version = (long)number;
                    break;
                case LeaseTag:
                    lease = (long)number;
                    break;
                default:
                    throw Malformed();
            }
        }
    }

    private static Range Take(ReadOnlySpan<byte> row, ref int at, ulong length)
    {
        if (length > (ulong)(row.Length - at))
        {
            throw Malformed();
        }

        var taken = new Range(at, at + (int)length);
        at += (int)length;
        return taken;
    }

    private static int WriteBytes(Span<byte> target, int at, byte tag, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return at;
        }

        target[at++] = tag;
        at += Varint.Write(target[at..], (ulong)bytes.Length);
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    private static int WriteNumber(Span<byte> target, int at, byte tag, long number)
    {
        if (number == 0)
        {
            return at;
        }

        target[at++] = tag;
        return at + Varint.Write(target[at..], (ulong)number);
    }

    private static InvalidDataException Malformed() => new("A row of the revisions table is malformed.");
}
