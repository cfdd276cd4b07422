using System.Collections.Immutable;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Keyspace.Tests.Model;

/// <summary>The whole keyspace at one moment, as plainly as can be: keys as Latin-1 text.</summary>
internal sealed record ModelState(
    long Revision,
    long CompactRevision,
    ImmutableSortedDictionary<string, KeyValue> Keys,
    ImmutableSortedDictionary<long, long> Leases)
{
    public static ModelState Empty { get; } = new(
        1,
        -1,
        ImmutableSortedDictionary.Create<string, KeyValue>(StringComparer.Ordinal),
        ImmutableSortedDictionary<long, long>.Empty);
}
