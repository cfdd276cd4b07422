namespace Krewe.Silo.Storage;

/// <summary>How a <see cref="RocksKeyspaceStore"/> uses memory and disk.</summary>
public sealed record RocksStoreOptions
{
    /// <summary>Memory for blocks read from the disk, in bytes (<c>--block-cache-bytes</c>).</summary>
    public long BlockCacheBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Size in bytes at which the rows in memory are written to the disk (<c>--write-buffer-bytes</c>).</summary>
    public long WriteBufferBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Write buffers of one table that may wait for their flush, the active one included; then writes wait.</summary>
    public int MaxWriteBuffers { get; init; } = 4;

    /// <summary>Threads for flushes and compactions.</summary>
    public int BackgroundJobs { get; init; } = 2;

    /// <summary>Told after each batch how long its write took; on the writer's thread.</summary>
    public Action<TimeSpan>? Written { get; init; }

    /// <summary>Compress what has sunk to the last level (LZ4). What is young never is.</summary>
    public bool CompressLastLevel { get; init; } = true;
}
