using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Keyspace.Tests.Storage;

/// <summary>Golden bytes of the rows: they are on disk, and etcd's hashes are over them (behaviour 278).</summary>
public sealed class RowTests
{
    [Fact]
    public void Revision_keys_have_etcds_form()
    {
        byte[] key = new byte[RevisionKey.TombstoneLength];
        Assert.Equal(17, RevisionKey.Write(key, 0x0102030405060708, 9, isTombstone: false));
        Assert.Equal("0102030405060708" + "5F" + "0000000000000009", Convert.ToHexString(key, 0, 17));
        Assert.Equal(18, RevisionKey.Write(key, 2, 0x7fffffff, isTombstone: true));
        Assert.Equal("0000000000000002" + "5F" + "000000007FFFFFFF" + "74", Convert.ToHexString(key));
        Assert.True(RevisionKey.TryRead(key, out long main, out int sub, out bool isTombstone));
        Assert.Equal((2, int.MaxValue, true), (main, sub, isTombstone));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000025F00000000000000")]
    [InlineData("0000000000000002610000000000000000")]
    [InlineData("00000000000000025F000000000000000061")]
    [InlineData("80000000000000025F0000000000000000")]
    public void Malformed_revision_keys_are_not_read(string hex) =>
        Assert.False(RevisionKey.TryRead(Convert.FromHexString(hex), out _, out _, out _));

    [Fact]
    public void Values_are_key_value_messages_without_default_fields()
    {
        Assert.Equal("0A0161" + "1002" + "18AC02" + "2005" + "2A0276" + "31" + "30FFFFFFFFFFFFFFFFFF01", Row("a", 2, 300, 5, "v1", -1));
        Assert.Equal("0A0161" + "1002" + "1802" + "2001", Row("a", 2, 2, 1, "", 0));
        Assert.Equal("0A0161", Row("a", 0, 0, 0, "", 0));
    }

    [Fact]
    public void Values_read_back_as_slices()
    {
        byte[] row = Convert.FromHexString(Row("key", 7, 1L << 40, 3, "some value", 1L << 62));
        KeyValue kv = KeyValueRow.Read(row);
        Assert.Equal("key=some value", KeyspaceHarness.Text(kv.Key) + "=" + KeyspaceHarness.Text(kv.Value));
        Assert.Equal((7, 1L << 40, 3, 1L << 62), (kv.CreateRevision, kv.ModRevision, kv.Version, kv.Lease));
    }

    [Theory]
    [InlineData("0A05")]
    [InlineData("0A0561")]
    [InlineData("10")]
    [InlineData("10FFFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("7800")]
    public void Malformed_values_are_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => KeyValueRow.Read(Convert.FromHexString(hex)));

    private static string Row(string key, long create, long mod, long version, string value, long lease)
    {
        byte[] row = new byte[KeyValueRow.MaxLength(key.Length, value.Length)];
        int length = KeyValueRow.Write(row, KeyspaceHarness.Bytes(key).Span, create, mod, version, KeyspaceHarness.Bytes(value).Span, lease);
        return Convert.ToHexString(row, 0, length);
    }
}
