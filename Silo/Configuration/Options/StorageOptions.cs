namespace Krewe.Silo.Configuration.Options;

/// <summary>Where data lies and how much of it there may be.</summary>
public sealed record StorageOptions
{
    /// <summary>The quota that <c>--quota-backend-bytes=0</c> stands for.</summary>
    public const long DefaultQuotaBackendBytes = 2L * 1024 * 1024 * 1024;

    /// <summary><c>--data-dir</c>, or <c>NAME.etcd</c> when that is empty.</summary>
    public required string DataDirectory { get; init; }

    /// <summary><c>--wal-dir</c>; null when the log lies inside the data directory.</summary>
    public required string? WalDirectory { get; init; }

    /// <summary>Size of the store, in bytes, that raises the NOSPACE alarm; negative for no limit, never 0.</summary>
    public required long QuotaBackendBytes { get; init; }

    /// <summary><c>--unsafe-no-fsync</c>: acknowledge before the disk has the data.</summary>
    public required bool UnsafeNoFsync { get; init; }

    /// <summary><c>--block-cache-bytes</c>.</summary>
    public required long BlockCacheBytes { get; init; }

    /// <summary><c>--write-buffer-bytes</c>.</summary>
    public required long WriteBufferBytes { get; init; }

    /// <summary><c>--value-cache-bytes</c>.</summary>
    public required long ValueCacheBytes { get; init; }

    /// <summary>What is wrong with these options, or null.</summary>
    public string? Validate() =>
        BlockCacheBytes < 0 || ValueCacheBytes < 0 ? "--block-cache-bytes and --value-cache-bytes must be below 2^63"
        : WriteBufferBytes <= 0 ? "--write-buffer-bytes must be above 0 and below 2^63"
        : null;
}
