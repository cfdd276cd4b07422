using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Cluster.Tests.Fakes;

internal sealed class MemoryIterator(List<KeyValuePair<byte[], byte[]>> rows) : IStoreIterator
{
    private int _position = -1;

    public ReadOnlySpan<byte> Key => rows[_position].Key.AsSpan(1);

    public ReadOnlySpan<byte> Value => rows[_position].Value;

    public bool MoveNext() => ++_position < rows.Count;

    public void Dispose()
    {
    }
}
