using System.Diagnostics.CodeAnalysis;
using System.Text;
using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>
/// How a member starts for the first time; kept as the log's metadata. The log of a new cluster begins with one added voter per member,
/// the same on each of them, so that a member that joins later learns of them from the log as of every other change.
/// </summary>
/// <param name="Members">The members at that time: of a new cluster the first ones; of a running one those that it had, for the addresses.</param>
/// <param name="Joins">Whether the member joins a running cluster: its log is empty then, and it waits to be contacted.</param>
internal sealed record MemberBootstrap(IReadOnlyList<Member> Members, bool Joins = false)
{
    /// <summary>Differs from <see cref="ConfStateCodec.Version"/>: before there were several members, metadata was a configuration.</summary>
    private const byte FormatVersion = 2;

    /// <summary>Term of the first entries.</summary>
    private const ulong FirstTerm = 1;

    /// <summary>Most members of a first configuration.</summary>
    private const int MaxMembers = ConfStateCodec.MaxMembers;

    /// <summary>The first entries of the log, all of them committed; none for a member that joins.</summary>
    public Entry[] Entries() => Joins
    ? []
    : [
        .. Members.OrderBy(m => m.Id).Select((member, i) => new Entry(
            (ulong)i + 1,
            FirstTerm,
            EntryKind.ConfChange,
            ConfChangeCodec.Encode(ConfChange.Single(ConfChangeKind.AddVoter, member.Id, MemberCodec.Encode(member))))),
    ];

    /// <summary>Version byte, 1 if the member joins, number of members (7-bit integer), each with its length (7-bit integer) and <see cref="MemberCodec"/>.</summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(FormatVersion);
        writer.Write(Joins);
        writer.Write7BitEncodedInt(Members.Count);
        foreach (var member in Members)
        {
            var encoded = MemberCodec.Encode(member);
            writer.Write7BitEncodedInt(encoded.Length);
            writer.Write(encoded);
        }

        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>False if it is of another format.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, [NotNullWhen(true)] out MemberBootstrap? bootstrap)
    {
        bootstrap = null;
        if (data.IsEmpty || data.Span[0] != FormatVersion)
        {
            return false;
        }

        using var reader = new BinaryReader(new MemoryStream(data[1..].ToArray()), Encoding.UTF8);
        var joins = reader.ReadBoolean();
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > MaxMembers)
        {
            return false;
        }

        var members = new Member[count];
        for (var i = 0; i < count; i++)
        {
            members[i] = MemberCodec.Decode(reader.ReadBytes(reader.Read7BitEncodedInt()));
        }

        bootstrap = new MemberBootstrap(members, joins);
        return true;
    }

    /// <summary>What the log holds beside <see cref="Entries"/> at first.</summary>
    public HardState HardState() => new(FirstTerm, Vote: 0, (ulong)Members.Count);
}
