using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Keyspace.Index;

/// <summary>A live key as of some revision.</summary>
/// <param name="Key">The key.</param>
/// <param name="Main">Mod revision.</param>
/// <param name="Sub">Position among the changes of that revision.</param>
/// <param name="Create">Create revision.</param>
/// <param name="Version">Version, from 1.</param>
/// <param name="IsComplete">Whether <paramref name="Lease"/> and <paramref name="Value"/> are here; if not they are in the store.</param>
internal readonly record struct KeyState(
    ReadOnlyMemory<byte> Key, long Main, int Sub, long Create, long Version, bool IsComplete, long Lease, ReadOnlyMemory<byte> Value)
{
    /// <summary>The whole state; only if it is complete.</summary>
    public KeyValue ToKeyValue() => new(Key, Create, Main, Version, Value, Lease);

    /// <summary>Without value and lease, as the index knows it (behaviour 26).</summary>
    public KeyValue ToKeyOnly() => new(Key, Create, Main, Version, default, 0);
}
