using System.Text;
using Krewe.Raft.Core;
using Krewe.Raft.Log;

namespace Krewe.Raft.Tests.Log;

/// <summary>Short forms for the tests of the write-ahead log.</summary>
internal static class Wal
{
    internal static readonly WalIdentity Identity = new(0xC1, 0xA1);

    internal static WalOptions Options(int segmentBytes = WalOptions.MinSegmentBytes)
    {
        uint salt = 0x5A170000;
        return new WalOptions
        {
            SegmentBytes = segmentBytes,
            PreallocateInBackground = false,
            PreallocateRetryDelay = TimeSpan.Zero,
            NextSalt = () => ++salt,
        };
    }

    internal static WriteAheadLog Create(IDisk disk, WalOptions? options = null) =>
        WriteAheadLog.Create(disk, Identity, "meta"u8.ToArray(), options ?? Options());

    internal static WriteAheadLog Open(IDisk disk, WalOptions? options = null) => WriteAheadLog.Open(disk, options ?? Options());

    internal static Entry Entry(ulong index, ulong term, string data = "value") => new(index, term, EntryKind.Normal, Encoding.UTF8.GetBytes(data));

    internal static Entry[] Entries(ulong first, int count, ulong term, int dataBytes = 20) => Enumerable.Range(0, count)
        .Select(i => new Entry(first + (ulong)i, term, EntryKind.Normal, Data(first + (ulong)i, term, dataBytes))).ToArray();

    internal static List<Entry> ReadAll(WriteAheadLog log)
    {
        var entries = new List<Entry>();
        while (log.FirstIndex + (ulong)entries.Count <= log.LastIndex)
        {
            log.Read(log.FirstIndex + (ulong)entries.Count, log.LastIndex + 1, long.MaxValue, entries);
        }

        return entries;
    }

    internal static string Text(Entry entry) => $"{entry.Index}/{entry.Term}/{entry.Kind}/{Convert.ToHexString(entry.Data.Span)}";

    internal static void AssertSame(IEnumerable<Entry> expected, IEnumerable<Entry> actual) =>
        Assert.Equal(expected.Select(Text), actual.Select(Text));

    private static byte[] Data(ulong index, ulong term, int bytes)
    {
        var data = new byte[bytes];
        new Random((int)((index * 1000) + term)).NextBytes(data);
        return data;
    }
}
