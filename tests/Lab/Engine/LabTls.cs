using System.Net.Security;

namespace Krewe.Lab.Engine;

/// <summary>How clients connect to members with TLS.</summary>
/// <param name="Clients">For connections of this process.</param>
/// <param name="EtcdctlFlags">For etcdctl.</param>
internal sealed record LabTls(SslClientAuthenticationOptions Clients, IReadOnlyList<string> EtcdctlFlags);
