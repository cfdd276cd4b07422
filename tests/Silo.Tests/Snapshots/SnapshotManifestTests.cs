using Krewe.Raft.Core;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Tests.Snapshots;

public sealed class SnapshotManifestTests
{
    /// <summary>Version 1, as it was first written. Members of different releases exchange it, and a restart reads it: it must stay readable.</summary>
    private const string GoldenManifest =
        "4B52575301000102030405060708090A0B0C0D0E0F08070605040302010500000000000000080000000100020102000000020000000A003030303031" +
        "322E7373740000000002000000EFBEADDE070043555252454E54000000000000000000000000BB246FE3";

    private const string GoldenPointer = "0173746F72652D6162FD9055EC";

    private const string GoldenOffer =
        "013F0000000109040200000000000000010000000000000006000000000000888E98A8C0E08081010508010002010200000010000102030405060708" +
        "090A0B0C0D0E0F004B52575301000102030405060708090A0B0C0D0E0F08070605040302010500000000000000080000000100020102000000020000" +
        "000A003030303031322E7373740000000002000000EFBEADDE070043555252454E54000000000000000000000000BB246FE3";

    private static SnapshotManifest Manifest { get; } = new(
        Guid.Parse("00010203-0405-0607-0809-0a0b0c0d0e0f"),
        0x0102030405060708,
        5,
        new ConfState([1, 2]),
        [new SnapshotFile("000012.sst", 1L << 33, 0xDEADBEEF), new SnapshotFile("CURRENT", 0, 0)]);

    private static SnapshotOffer Offer { get; } = new(
        new Message { Type = MessageType.Snapshot, To = 2, From = 1, Term = 6, Snapshot = Manifest.Metadata }, Manifest);

    [Fact]
    public void Version_1_is_written_and_read()
    {
        Assert.Equal(GoldenManifest, Convert.ToHexString(Manifest.Encode()));
        Assert.True(SnapshotManifest.TryDecode(Convert.FromHexString(GoldenManifest), out var read));
        AssertSame(Manifest, read);
        Assert.Equal((1L << 33), read.TotalBytes);
        Assert.Equal(Manifest.Id, SnapshotManifest.IdOf(read.Metadata.Handle));
    }

    [Fact]
    public void The_pointer_of_version_1_is_written_and_read()
    {
        Assert.Equal(GoldenPointer, Convert.ToHexString(StorePointer.Encode("store-ab")));
        Assert.Equal("store-ab", StorePointer.Decode(Convert.FromHexString(GoldenPointer)));
    }

    [Fact]
    public void The_offer_of_version_1_is_written_and_read()
    {
        Assert.Equal(GoldenOffer, Convert.ToHexString(Offer.Encode()));
        Assert.True(SnapshotOffer.TryDecode(Convert.FromHexString(GoldenOffer), out var read));
        AssertSame(Manifest, read.Manifest);
        Assert.Equal((1UL, 2UL, 6UL), (read.Message.From, read.Message.To, read.Message.Term));
        Assert.Equal(Manifest.Index, read.Message.Snapshot!.Index);
    }

    [Fact]
    public void No_damaged_byte_passes()
    {
        foreach (var (encoded, decodes) in (ReadOnlySpan<(byte[], Func<byte[], bool>)>)
        [
            (Manifest.Encode(), bytes => SnapshotManifest.TryDecode(bytes, out _)),
            (StorePointer.Encode("store-ab"), bytes =>
            {
                try
                {
                    StorePointer.Decode(bytes);
                    return true;
                }
                catch (InvalidDataException)
                {
                    return false;
                }
            }),
        ])
        {
            Assert.True(decodes(encoded));
            for (var i = 0; i < encoded.Length; i++)
            {
                var damaged = (byte[])encoded.Clone();
                damaged[i] ^= 0x40;
                Assert.False(decodes(damaged), $"byte {i}");
                Assert.False(decodes(encoded[..i]), $"{i} bytes");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../store/CURRENT")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData(StagedSnapshot.CompleteName)]
    [InlineData(StagedSnapshot.IncomingName)]
    public void Names_that_lead_elsewhere_are_refused(string name) =>
        Assert.False(SnapshotManifest.TryDecode((Manifest with { Files = [new SnapshotFile(name, 1, 2)] }).Encode(), out _));

    [Fact]
    public void Lengths_below_zero_and_names_that_come_twice_are_refused()
    {
        Assert.False(SnapshotManifest.TryDecode((Manifest with { Files = [new SnapshotFile("a", -1, 2)] }).Encode(), out _));
        Assert.False(SnapshotManifest.TryDecode((Manifest with { Files = [new SnapshotFile("a", 1, 2), new SnapshotFile("a", 1, 2)] }).Encode(), out _));
    }

    [Fact]
    public void An_offer_whose_message_names_another_snapshot_is_refused()
    {
        var other = Manifest with { Id = Guid.Parse("10010203-0405-0607-0809-0a0b0c0d0e0f") };
        Assert.False(SnapshotOffer.TryDecode(new SnapshotOffer(Offer.Message, other).Encode(), out _));
        Assert.False(SnapshotOffer.TryDecode(new SnapshotOffer(Offer.Message, Manifest with { Index = 1 }).Encode(), out _));
        Assert.False(SnapshotOffer.TryDecode(new SnapshotOffer(Offer.Message with { Type = MessageType.Heartbeat }, Manifest).Encode(), out _));
    }

    private static void AssertSame(SnapshotManifest expected, SnapshotManifest actual)
    {
        Assert.Equal((expected.Id, expected.Index, expected.Term), (actual.Id, actual.Index, actual.Term));
        Assert.Equal(ConfStateCodec.Encode(expected.Configuration), ConfStateCodec.Encode(actual.Configuration));
        Assert.Equal(expected.Files, actual.Files);
    }
}
