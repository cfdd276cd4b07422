using System.Buffers.Binary;

namespace Krewe.Raft.Core;

/// <summary>
/// <see cref="Message"/> on the wire: version 1, type, flags (1 reject, 2 force, 4 snapshot, 8 quiet), receiver and sender (8 bytes each,
/// little endian), then varints: term, index, log term, commit, reject hint, context, sent tick; with the snapshot flag: index, term,
/// configuration (length-prefixed <see cref="ConfStateCodec"/>), handle (length-prefixed); then the count of entries and for each
/// kind (1 byte), term (varint) and payload (length-prefixed). Indexes of entries follow from the message's.
/// </summary>
public static class MessageCodec
{
    public const byte Version = 1;

    private const int FixedBytes = 19;
    private const int RejectFlag = 1;
    private const int ForceFlag = 2;
    private const int SnapshotFlag = 4;
    private const int QuietFlag = 8;

    /// <summary>The least bytes an entry takes; bounds the count that a message can claim.</summary>
    private const int MinEntryBytes = 3;

    /// <summary>Exact number of bytes that <see cref="Write"/> needs.</summary>
    public static int GetSize(in Message message)
    {
        int size = FixedBytes + Varints(message) + WireWriter.VarintBytes((ulong)message.Entries.Length);
        if (message.Snapshot is { } snapshot)
        {
            byte[] state = ConfStateCodec.Encode(snapshot.ConfState);
            size += WireWriter.VarintBytes(snapshot.Index) + WireWriter.VarintBytes(snapshot.Term);
            size += PrefixedBytes(state.Length) + PrefixedBytes(snapshot.Handle.Length);
        }

        foreach (ref readonly Entry entry in message.Entries.Span)
        {
            size += 1 + WireWriter.VarintBytes(entry.Term) + PrefixedBytes(entry.Data.Length);
        }

        return size;
    }

    /// <summary>Writes the message at the start of <paramref name="target"/> and returns the number of bytes.</summary>
    public static int Write(in Message message, Span<byte> target)
    {
        var writer = new SpanWriter(target);
        writer.Byte(Version);
        writer.Byte((byte)message.Type);
        writer.Byte(Flags(message));
        writer.Fixed64(message.To);
        writer.Fixed64(message.From);
        writer.Varint(message.Term);
        writer.Varint(message.Index);
        writer.Varint(message.LogTerm);
        writer.Varint(message.Commit);
        writer.Varint(message.RejectHint);
        writer.Varint(message.Context);
        writer.Varint(message.SentTick);
        if (message.Snapshot is { } snapshot)
        {
            writer.Varint(snapshot.Index);
            writer.Varint(snapshot.Term);
            writer.Bytes(ConfStateCodec.Encode(snapshot.ConfState));
            writer.Bytes(snapshot.Handle.Span);
        }

        writer.Varint((ulong)message.Entries.Length);
        foreach (ref readonly Entry entry in message.Entries.Span)
        {
            writer.Byte((byte)entry.Kind);
            writer.Varint(entry.Term);
            writer.Bytes(entry.Data.Span);
        }

        return writer.Position;
    }

    public static byte[] Encode(in Message message)
    {
        var bytes = new byte[GetSize(message)];
        Write(message, bytes);
        return bytes;
    }

    /// <summary>
    /// Reads a message that fills <paramref name="data"/>; false if it is malformed or of another version. Payloads and the snapshot's handle
    /// are slices of <paramref name="data"/>, which therefore must stay as it is while the log holds the entries.
    /// </summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, out Message message)
    {
        message = default;
        if (data.Length < FixedBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> head = data.Span[..FixedBytes];
        byte type = head[1];
        byte flags = head[2];
        if (head[0] != Version || type is 0 or > (byte)MessageType.ReadIndexResponse || flags > (RejectFlag | ForceFlag | SnapshotFlag | QuietFlag))
        {
            return false;
        }

        var reader = new WireReader(data[FixedBytes..]);
        message = new Message
        {
            Type = (MessageType)type,
            To = BinaryPrimitives.ReadUInt64LittleEndian(head[3..]),
            From = BinaryPrimitives.ReadUInt64LittleEndian(head[11..]),
            Reject = (flags & RejectFlag) != 0,
            Force = (flags & ForceFlag) != 0,
            IsQuiet = (flags & QuietFlag) != 0,
            Term = reader.Varint(),
            Index = reader.Varint(),
            LogTerm = reader.Varint(),
            Commit = reader.Varint(),
            RejectHint = reader.Varint(),
            Context = reader.Varint(),
            SentTick = reader.Varint(),
        };
        if ((flags & SnapshotFlag) != 0)
        {
            if (!TryReadSnapshot(ref reader, out SnapshotMetadata? snapshot))
            {
                return false;
            }

            message = message with { Snapshot = snapshot };
        }

        if (!TryReadEntries(ref reader, message.Index, out Entry[] entries))
        {
            return false;
        }

        message = message with { Entries = entries };
        return reader.IsAtEnd;
    }

    private static bool TryReadSnapshot(ref WireReader reader, out SnapshotMetadata? snapshot)
    {
        snapshot = null;
        ulong index = reader.Varint();
        ulong term = reader.Varint();
        if (!ConfStateCodec.TryDecode(reader.Bytes(), out ConfState state))
        {
            return false;
        }

        snapshot = new SnapshotMetadata(index, term, state, reader.Bytes());
        return !reader.Failed;
    }

    private static bool TryReadEntries(ref WireReader reader, ulong previousIndex, out Entry[] entries)
    {
        ulong count = reader.Varint();
        entries = [];
        if (reader.Failed || count > (ulong)(reader.Remaining / MinEntryBytes))
        {
            return false;
        }

        if (count == 0)
        {
            return true;
        }

        entries = new Entry[(int)count];
        for (int i = 0; i < entries.Length; i++)
        {
            byte kind = reader.Byte();
            ulong term = reader.Varint();
            entries[i] = new Entry(previousIndex + (ulong)i + 1, term, (EntryKind)kind, reader.Bytes());
            if (reader.Failed || kind > (byte)EntryKind.ConfChange)
            {
                return false;
            }
        }

        return true;
    }

    private static byte Flags(in Message message) => (byte)((message.Reject ? RejectFlag : 0)
        | (message.Force ? ForceFlag : 0)
        | (message.IsQuiet ? QuietFlag : 0)
        | (message.Snapshot is null ? 0 : SnapshotFlag));

    private static int Varints(in Message message) => WireWriter.VarintBytes(message.Term)
        + WireWriter.VarintBytes(message.Index)
        + WireWriter.VarintBytes(message.LogTerm)
        + WireWriter.VarintBytes(message.Commit)
        + WireWriter.VarintBytes(message.RejectHint)
        + WireWriter.VarintBytes(message.Context)
        + WireWriter.VarintBytes(message.SentTick);

    private static int PrefixedBytes(int length) => WireWriter.VarintBytes((ulong)length) + length;

    private ref struct SpanWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Position { get; private set; }

        public void Byte(byte value) => _target[Position++] = value;

        public void Fixed64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_target[Position..], value);
            Position += sizeof(ulong);
        }

        public void Varint(ulong value)
        {
            while (value >= 0x80)
            {
                Byte((byte)(value | 0x80));
                value >>= 7;
            }

            Byte((byte)value);
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            Varint((ulong)value.Length);
            value.CopyTo(_target[Position..]);
            Position += value.Length;
        }
    }
}
