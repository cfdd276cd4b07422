using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Leases;

/// <summary>A lease and its keys, in key order (behaviour 165).</summary>
internal sealed class LeaseRecord(long ttlSeconds)
{
    public long TtlSeconds { get; } = ttlSeconds;

    public long RemainingSeconds { get; set; }

    public SortedSet<byte[]> Keys { get; } = new(ByteOrder.Instance);
}
