namespace Krewe.Conformance.Engine;

/// <summary>How to start a server.</summary>
/// <param name="Kind">Real etcd or Krewe.</param>
/// <param name="DataDir">Data directory; null for a fresh one, removed at dispose.</param>
/// <param name="Flags">Extra flags; <c>{metrics}</c> stands for a free loopback URL.</param>
/// <param name="UnsafeNoFsync">Skips fsync, for tests that compare answers and prove nothing about durability.</param>
internal sealed record ServerOptions(ServerKind Kind, string? DataDir = null, IReadOnlyList<string>? Flags = null, bool UnsafeNoFsync = false);
