using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Interfaces.Gateway;

/// <summary>A part of a range that is bounded in bytes.</summary>
/// <param name="Kvs">In key order.</param>
/// <param name="IsLast">Whether the range ends with it.</param>
[GenerateSerializer]
[Immutable]
[Alias("krewe.RangePage")]
public sealed record RangePage([property: Id(0)] ArraySegment<KeyValue> Kvs, [property: Id(1)] bool IsLast);
