using System.Collections.Immutable;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>An immutable state of a <see cref="MemoryKeyspaceStore"/>.</summary>
internal sealed record MemoryStoreView(ulong AppliedIndex, ImmutableArray<ImmutableSortedSet<MemoryRow>> Tables)
{
    public static MemoryStoreView Empty { get; } =
        new(0, [.. Enumerable.Repeat(ImmutableSortedSet<MemoryRow>.Empty, Enum.GetValues<StoreTable>().Length)]);
}
