using System.Text;
using Krewe.Grains.Interfaces.Cluster;

namespace Krewe.Grains.Cluster.Members;

/// <summary>
/// Binary form of a member, in the log and in the store: version byte, ID (8 bytes, little endian), name, peer URLs, client URLs (each
/// list: count as 7-bit integer, then length-prefixed UTF-8), learner flag.
/// </summary>
public static class MemberCodec
{
    private const byte FormatVersion = 1;

    /// <summary>Most URLs of one kind; a longer list is a corrupt row.</summary>
    private const int MaxUrls = 256;

    public static byte[] Encode(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(FormatVersion);
        writer.Write(member.Id);
        writer.Write(member.Name);
        WriteList(writer, member.PeerUrls);
        WriteList(writer, member.ClientUrls);
        writer.Write(member.IsLearner);
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> for a format that this version does not know.</summary>
    public static Member Decode(ReadOnlySpan<byte> data)
    {
        using var reader = new BinaryReader(new MemoryStream(data.ToArray()), Encoding.UTF8);
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new InvalidDataException($"member row has format version {version}; this version knows {FormatVersion}");
        }

        return new Member(reader.ReadUInt64(), reader.ReadString(), ReadList(reader), ReadList(reader), reader.ReadBoolean());
    }

    private static void WriteList(BinaryWriter writer, IReadOnlyList<string> items)
    {
        writer.Write7BitEncodedInt(items.Count);
        foreach (var item in items)
        {
            writer.Write(item);
        }
    }

    private static string[] ReadList(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > MaxUrls)
        {
            throw new InvalidDataException($"member row lists {count} URLs");
        }

        var items = new string[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = reader.ReadString();
        }

        return items;
    }
}
