using System.Collections.Immutable;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>A batch of a <see cref="MemoryKeyspaceStore"/>.</summary>
internal sealed class MemoryStoreBatch : IStoreBatch
{
    private readonly List<(StoreTable Table, byte[] Key, byte[]? Value)> _changes = [];

    public int Count => _changes.Count;

    public void Put(StoreTable table, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        _changes.Add((table, key.ToArray(), value.ToArray()));

    public void Delete(StoreTable table, ReadOnlySpan<byte> key) => _changes.Add((table, key.ToArray(), null));

    public void Clear() => _changes.Clear();

    public void Dispose() => _changes.Clear();

    public MemoryStoreView ApplyTo(MemoryStoreView view, ulong appliedIndex)
    {
        var builders = new ImmutableSortedSet<MemoryRow>.Builder?[view.Tables.Length];
        foreach ((StoreTable table, byte[] key, byte[]? value) in _changes)
        {
            ImmutableSortedSet<MemoryRow>.Builder builder = builders[(int)table] ??= view.Tables[(int)table].ToBuilder();
            builder.Remove(new MemoryRow(key, []));
            if (value is not null)
            {
                builder.Add(new MemoryRow(key, value));
            }
        }

        var tables = view.Tables.ToBuilder();
        for (int i = 0; i < builders.Length; i++)
        {
            if (builders[i] is { } builder)
            {
                tables[i] = builder.ToImmutable();
            }
        }

        return new MemoryStoreView(appliedIndex, tables.ToImmutable());
    }
}
