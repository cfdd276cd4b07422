namespace Krewe.Raft.Core;

/// <summary>
/// The payload of a <see cref="EntryKind.ConfChange"/> entry: version 1, transition, count (varint), count × (kind, ID varint),
/// context length (varint), context.
/// </summary>
public static class ConfChangeCodec
{
    public const byte Version = 1;

    public static byte[] Encode(ConfChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var writer = new WireWriter();
        writer.Byte(Version);
        writer.Byte((byte)change.Transition);
        writer.Varint((ulong)change.Items.Count);
        for (int i = 0; i < change.Items.Count; i++)
        {
            writer.Byte((byte)change.Items[i].Kind);
            writer.Varint(change.Items[i].Id);
        }

        writer.Bytes(change.Context.Span);
        return writer.ToArray();
    }

    /// <summary>False if <paramref name="data"/> is not the encoding of a change.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, out ConfChange change)
    {
        change = ConfChange.Leave;
        var reader = new WireReader(data);
        if (reader.Byte() != Version)
        {
            return false;
        }

        byte transition = reader.Byte();
        ulong count = reader.Varint();
        if (reader.Failed || transition > (byte)ConfChangeTransition.JointExplicit || count > ConfChange.MaxItems)
        {
            return false;
        }

        var items = new ConfChangeItem[(int)count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = new ConfChangeItem((ConfChangeKind)reader.Byte(), reader.Varint());
            if (items[i].Kind > ConfChangeKind.Update)
            {
                return false;
            }
        }

        change = new ConfChange((ConfChangeTransition)transition, items, reader.Bytes());
        return reader.IsAtEnd;
    }
}
