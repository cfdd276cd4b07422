using System.Net.Security;

namespace Krewe.Conformance.Engine;

/// <summary>TLS of a server under test; its flags are given beside it.</summary>
/// <param name="Client">How the test's own client connects.</param>
/// <param name="PeerUrlIsTls">Whether the peer URL is an https one too.</param>
internal sealed record ServerTls(SslClientAuthenticationOptions Client, bool PeerUrlIsTls = false);
