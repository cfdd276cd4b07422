namespace Krewe.Grains.Prefixes;

/// <summary>Bounds of one prefix's write queue.</summary>
public static class PrefixWriterLimits
{
    /// <summary>Most writes in one grain call, and so in one log entry.</summary>
    public const int MaxBatchOperations = 1024;

    /// <summary>Keys and values of one batch, in bytes; a single larger write still travels alone.</summary>
    public const int MaxBatchBytes = 1024 * 1024;

    /// <summary>Most writes that may wait; one more is answered with etcd's "too many requests" (behaviour 289).</summary>
    public const int MaxQueuedOperations = 50_000;

    /// <summary>Bytes that may wait; more is answered likewise.</summary>
    public const long MaxQueuedBytes = 512L * 1024 * 1024;
}
