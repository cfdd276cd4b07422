using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Cluster.Tests.Fakes;

internal sealed class MemoryBatch : IStoreBatch
{
    public List<(byte[] Key, byte[]? Value)> Changes { get; } = [];

    public int Count => Changes.Count;

    public static byte[] Row(StoreTable table, ReadOnlySpan<byte> key) => [(byte)table, .. key];

    public void Put(StoreTable table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Changes.Add((Row(table, key), value.ToArray()));

    public void Delete(StoreTable table, ReadOnlySpan<byte> key) => Changes.Add((Row(table, key), null));

    public void Clear() => Changes.Clear();

    public void Dispose()
    {
    }
}
