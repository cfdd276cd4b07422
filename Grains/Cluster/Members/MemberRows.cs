using System.Buffers.Binary;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>
/// Rows of the members table. A member: 8 bytes of ID, big endian, with <see cref="MemberCodec"/>. A removed member: 'r' and its ID,
/// with one byte of version. The configuration: 'c', with version 1, index of the change that it comes from (8 bytes, little endian) and
/// <see cref="ConfStateCodec"/>.
/// </summary>
internal static class MemberRows
{
    private const byte FormatVersion = 1;
    private const int ConfigurationHeader = 1 + sizeof(ulong);
    private static readonly byte[] ConfigurationKey = "c"u8.ToArray();

    public static void Put(IStoreBatch batch, Member member)
    {
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(key, member.Id);
        batch.Put(StoreTable.Members, key, MemberCodec.Encode(member));
    }

    public static void Remove(IStoreBatch batch, ulong id)
    {
        Span<byte> key = stackalloc byte[1 + sizeof(ulong)];
        key[0] = (byte)'r';
        BinaryPrimitives.WriteUInt64BigEndian(key[1..], id);
        batch.Delete(StoreTable.Members, key[1..]);
        batch.Put(StoreTable.Members, key, [FormatVersion]);
    }

    public static void PutConfiguration(IStoreBatch batch, ulong index, ConfState configuration)
    {
        byte[] encoded = ConfStateCodec.Encode(configuration);
        var row = new byte[ConfigurationHeader + encoded.Length];
        row[0] = FormatVersion;
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(1), index);
        encoded.CopyTo(row, ConfigurationHeader);
        batch.Put(StoreTable.Members, ConfigurationKey, row);
    }

    /// <summary>Reads all rows; throws <see cref="InvalidDataException"/> for a format that this version does not know.</summary>
    public static MemberTable Read(IKeyspaceStore store, ConfState initialConfiguration)
    {
        var members = new List<Member>();
        var removed = new HashSet<ulong>();
        var configuration = initialConfiguration;
        ulong index = 0;
        using var rows = store.Iterate(StoreTable.Members, [], []);
        while (rows.MoveNext())
        {
            switch (rows.Key.Length)
            {
                case sizeof(ulong):
                    members.Add(MemberCodec.Decode(rows.Value));
                    break;
                case 1 + sizeof(ulong):
                    removed.Add(BinaryPrimitives.ReadUInt64BigEndian(rows.Key[1..]));
                    break;
                default:
                    (index, configuration) = ReadConfiguration(rows.Value);
                    break;
            }
        }

        return new MemberTable(members, removed, configuration, index);
    }

    private static (ulong Index, ConfState Configuration) ReadConfiguration(ReadOnlySpan<byte> row) =>
        row.Length > ConfigurationHeader && row[0] == FormatVersion
        && ConfStateCodec.TryDecode(row[ConfigurationHeader..].ToArray(), out var configuration)
            ? (BinaryPrimitives.ReadUInt64LittleEndian(row[1..]), configuration)
            : throw new InvalidDataException("the configuration's row has a format that this version does not know");
}
