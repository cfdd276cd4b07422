namespace Krewe.Raft.Core;

/// <summary>
/// A configuration on disk and wire: version 1, auto-leave (0 or 1), then voters, outgoing voters, learners and next learners, each as
/// count (varint) and IDs (varints, ascending).
/// </summary>
public static class ConfStateCodec
{
    public const byte Version = 1;

    /// <summary>More members than any configuration has; longer lists are refused.</summary>
    public const int MaxMembers = 4096;

    public static byte[] Encode(ConfState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var writer = new WireWriter();
        Write(writer, state);
        return writer.ToArray();
    }

    /// <summary>False if <paramref name="data"/> is not the encoding of a configuration.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, out ConfState state)
    {
        var reader = new WireReader(data);
        return TryRead(ref reader, out state) && reader.IsAtEnd;
    }

    internal static void Write(WireWriter writer, ConfState state)
    {
        writer.Byte(Version);
        writer.Byte(state.AutoLeave ? (byte)1 : (byte)0);
        WriteIds(writer, state.VoterArray);
        WriteIds(writer, state.OutgoingArray);
        WriteIds(writer, state.LearnerArray);
        WriteIds(writer, state.LearnerNextArray);
    }

    internal static bool TryRead(ref WireReader reader, out ConfState state)
    {
        state = ConfState.Empty;
        byte version = reader.Byte();
        byte autoLeave = reader.Byte();
        if (version != Version || autoLeave > 1
            || !TryReadIds(ref reader, out ulong[] voters)
            || !TryReadIds(ref reader, out ulong[] outgoing)
            || !TryReadIds(ref reader, out ulong[] learners)
            || !TryReadIds(ref reader, out ulong[] learnersNext))
        {
            return false;
        }

        state = new ConfState(voters, outgoing, learners, learnersNext, autoLeave == 1);
        return true;
    }

    private static void WriteIds(WireWriter writer, ulong[] ids)
    {
        writer.Varint((ulong)ids.Length);
        foreach (ulong id in ids)
        {
            writer.Varint(id);
        }
    }

    private static bool TryReadIds(ref WireReader reader, out ulong[] ids)
    {
        ulong count = reader.Varint();
        ids = [];
        if (reader.Failed || count > MaxMembers)
        {
            return false;
        }

        ids = new ulong[(int)count];
        ulong before = 0;
        foreach (ref ulong id in ids.AsSpan())
        {
            id = reader.Varint();
            if (reader.Failed || id <= before)
            {
                return false;
            }

            before = id;
        }

        return true;
    }
}
