using Krewe.Grains.Keyspace;
using Krewe.Grains.Prefixes;

namespace Krewe.Simulation.Keyspace;

/// <summary>The keys of a history and the prefixes that divide them, and bounds so small that every path is taken.</summary>
internal static class KeyspaceLayout
{
    /// <summary>Keys in key order: two prefixes of their own, the rest is the root's.</summary>
    public static readonly byte[][] Keys = [.. new[] { "a0", "a1", "a2", "b0", "b1", "c0", "c1" }.Select(Bytes)];

    public static readonly PrefixMap Prefixes = PrefixMap.Create([Bytes("a"), Bytes("b")]);

    public static readonly KeyspaceOptions Options = new()
    {
        ValueCacheBytes = 64,
        ValueChunkBytes = 32,
        LargeValueBytes = 16,
        ScanChunkKeys = 2,
        ApplyChunkChanges = 2,
        HistoryRowsPerRead = 3,
    };

    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
