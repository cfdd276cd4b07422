using System.Collections.Immutable;

namespace Krewe.Grains.Keyspace.Storage;

/// <summary>An immutable state of a <see cref="MemoryKeyspaceStore"/>.</summary>
internal sealed record MemoryStoreView(ulong AppliedIndex, ImmutableArray<ImmutableSortedDictionary<byte[], byte[]>> Tables);
