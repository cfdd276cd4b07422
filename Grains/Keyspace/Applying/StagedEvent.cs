using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Grains.Keyspace.Applying;

/// <summary>A change that was applied and waits to be published.</summary>
/// <param name="IsDelete">Whether the key was deleted.</param>
/// <param name="Kv">The event's pair.</param>
/// <param name="HasPrev">Whether the key lived before the revision.</param>
/// <param name="Prev">What it was then; its value may have to be fetched.</param>
internal readonly record struct StagedEvent(bool IsDelete, KeyValue Kv, bool HasPrev, KeyState Prev);
