namespace Krewe.Grains.Keyspace;

/// <summary>Bounds of the in-memory part of the keyspace.</summary>
public sealed record KeyspaceOptions
{
    /// <summary>Most bytes of recent values to keep in memory; 0 keeps none.</summary>
    public long ValueCacheBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of one array of the value cache: the unit in which old values leave it.</summary>
    public int ValueChunkBytes { get; init; } = 1 << 20;

    /// <summary>Values of more bytes than this get an array of their own.</summary>
    public int LargeValueBytes { get; init; } = 128 << 10;

    /// <summary>Most keys that a scan looks at before it lets writers in.</summary>
    public int ScanChunkKeys { get; init; } = 512;

    /// <summary>Most changes that are applied to the index before readers are let in.</summary>
    public int ApplyChunkChanges { get; init; } = 1024;

    /// <summary>Most rows that one call of <see cref="KeyspaceState.History"/> reads.</summary>
    public int HistoryRowsPerRead { get; init; } = 10_000;
}
