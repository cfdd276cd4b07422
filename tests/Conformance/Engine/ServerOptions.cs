namespace Krewe.Conformance.Engine;

/// <summary>How to start a server.</summary>
/// <param name="Kind">Real etcd or Krewe.</param>
/// <param name="DataDir">Data directory; null for a fresh one, removed at dispose.</param>
/// <param name="Flags">Extra flags; <c>{metrics}</c> stands for a free loopback URL, <c>{client}</c> for the client URL.</param>
/// <param name="UnsafeNoFsync">Skips fsync, for tests that compare answers and prove nothing about durability.</param>
/// <param name="Manifest">
/// The whole command line, where the usual one shall not be used; <c>{client}</c>, <c>{peer}</c> and <c>{metrics}</c> stand for the URLs and
/// <c>{data}</c> for the data directory.
/// </param>
/// <param name="Tls">Makes the client URL an https one; null for http.</param>
/// <param name="BehindGateway">Krewe only: what listens on the client URL is a gateway to the member (tests/peers/krewe-behind-gateway.sh).</param>
internal sealed record ServerOptions(
    ServerKind Kind, string? DataDir = null, IReadOnlyList<string>? Flags = null, bool UnsafeNoFsync = false, ServerTls? Tls = null,
    IReadOnlyList<string>? Manifest = null, bool BehindGateway = false);
