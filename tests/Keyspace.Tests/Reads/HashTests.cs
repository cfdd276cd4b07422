using System.Globalization;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Log.Format;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Reads;

/// <summary>
/// Behaviours 275-278. The expected numbers are those that etcd's own tests pin (server/storage/mvcc/hash_test.go, workload of
/// testutil/hash.go): members of etcd and of this must agree on them.
/// </summary>
public sealed class HashTests : IDisposable
{
    private const int Cycle = 71;
    private const int Total = 1210;

    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    public static TheoryData<bool> RemoveOrNot => [true, false];

    [Theory]
    [MemberData(nameof(RemoveOrNot))]
    public void B278_hashes_of_half_a_cycle_are_etcds(bool remove)
    {
        uint[] expected =
        [
            4082599214, 2279933401, 3284231217, 126286495, 900108730, 2475485232, 1226296507, 2503661030, 4155130747, 106915399, 406914006,
            1882211381, 806177088, 664311366, 1496914449, 2434525091, 3988652253, 1122462288, 724436716,
        ];
        List<uint> actual = [];
        int revision = 0;
        for (; revision < Total; revision += Cycle)
        {
            Fill(revision, Cycle);
            actual.Add(HashAndCompact(revision + (Cycle / 2), remove));
        }

        Fill(revision, Total);
        actual.Add(HashAndCompact(revision + (Total / 2), remove));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(RemoveOrNot))]
    public void B278_hashes_of_the_last_revision_are_etcds(bool remove)
    {
        uint[] expected =
        [
            1913897190, 224860069, 1565167519, 1566261620, 2037173024, 691659396, 2713730748, 3919322507, 769967540, 2909194793, 1576921157,
            4067701532, 2226384237, 2923408134, 2680329256, 1546717673, 2713657846, 1046575299, 2017735779,
        ];
        List<uint> actual = [];
        int revision = 0;
        for (; revision < Total; revision += Cycle)
        {
            Fill(revision, Cycle);
            actual.Add(HashAndCompact(_keyspace.State.Revision, remove));
        }

        Fill(revision, Total);
        actual.Add(HashAndCompact(_keyspace.State.Revision, remove));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void B276_B277_revisions_that_can_be_hashed()
    {
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a"));
        Assert.Equal(EtcdError.None, _keyspace.State.HashKv(0, out KeyspaceHash current));
        Assert.Equal((-1, 4, 4), (current.CompactRevision, current.HashRevision, current.CurrentRevision));
        Assert.Equal(EtcdError.FutureRevision, _keyspace.State.HashKv(5, out _));
        _keyspace.Compact(3);
        Assert.Equal(EtcdError.Compacted, _keyspace.State.HashKv(2, out _));
        Assert.Equal(EtcdError.None, _keyspace.State.HashKv(3, out KeyspaceHash compacted));
        Assert.Equal((3, 3, 4), (compacted.CompactRevision, compacted.HashRevision, compacted.CurrentRevision));
    }

    [Fact]
    public void B278_what_compaction_keeps_counts_if_no_key_lives_at_the_hashed_revision()
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Do(Put("a", "2"));
        _keyspace.Compact(3);
        _keyspace.Do(Delete("a"));
        uint crc = Crc32C.Append(0, "key"u8);
        using IStoreIterator rows = _keyspace.Store.Iterate(StoreTable.Revisions, default, default);
        Assert.True(rows.MoveNext());
        while (rows.MoveNext())
        {
            crc = Crc32C.Append(Crc32C.Append(crc, rows.Key), rows.Value);
        }

        Assert.Equal(EtcdError.None, _keyspace.State.HashKv(4, out KeyspaceHash hash));
        Assert.Equal(crc, hash.Hash);
        _keyspace.RemoveCompacted();
        Assert.Equal(EtcdError.None, _keyspace.State.HashKv(4, out hash));
        Assert.Equal(crc, hash.Hash);
    }

    [Fact]
    public void The_checksum_is_crc32c() =>
        Assert.Equal(0xE3069283u, Crc32C.Append(Crc32C.Append(0, "1234"u8), "56789"u8));

    [Fact]
    public void B275_the_hash_of_everything_tells_stores_apart()
    {
        using var other = new KeyspaceHarness();
        Assert.Equal(other.State.Hash(), _keyspace.State.Hash());
        _keyspace.Do(Put("a"));
        Assert.NotEqual(other.State.Hash(), _keyspace.State.Hash());
        other.Do(Put("a"));
        Assert.Equal(other.State.Hash(), _keyspace.State.Hash());
        other.Append(batch => batch.GrantLease(1, 1));
        other.ApplyAll();
        Assert.NotEqual(other.State.Hash(), _keyspace.State.Hash());
    }

    private void Fill(int from, int count)
    {
        for (int i = from; i <= from + count; i++)
        {
            string value = i.ToString(CultureInfo.InvariantCulture);
            string key = PickKey(i);
            _keyspace.Append(batch => batch.Evaluate(Put(key, value)));
        }

        _keyspace.ApplyAll();
    }

    private uint HashAndCompact(long revision, bool remove)
    {
        Assert.Equal(EtcdError.None, _keyspace.State.HashKv(revision, out KeyspaceHash hash));
        _keyspace.Compact(revision);
        if (remove)
        {
            _keyspace.RemoveCompacted(100);
        }

        return hash.Hash;
    }

    private static string PickKey(int i)
    {
        if (i % Cycle == 30)
        {
            return i % (2 * Cycle) == 30 ? "zenek" : "xavery";
        }

        string[] names = ["alice", "bob", "celine", "dominik", "eve", "frederica", "gorge"];
        return names[i % names.Length];
    }
}
