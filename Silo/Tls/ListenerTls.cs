using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Krewe.Api.Hosting;

namespace Krewe.Silo.Tls;

/// <summary>The client certificates for https listeners.</summary>
/// <param name="tls">Certificates and checks.</param>
/// <param name="hosts">Names for the check of addresses; null for no such check. etcd makes it for metrics and not for clients.</param>
internal sealed class ListenerTls(PortTls tls, IHostNames? hosts) : IListenerTls
{
    public SslServerAuthenticationOptions OptionsFor(EndPoint? remote) => tls.ServerOptions(remote);

    public async ValueTask<bool> AdmitAsync(X509Certificate2 certificate, EndPoint? remote, CancellationToken cancellationToken) =>
        hosts is null || await tls.CheckAddressAsync(certificate, remote, hosts, cancellationToken).ConfigureAwait(false) is null;

    public string CommonNameOf(X509Certificate2 certificate) => SubjectNames.CommonNameOf(certificate);
}
