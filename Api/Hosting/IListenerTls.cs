using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Krewe.Api.Hosting;

/// <summary>TLS of https listeners. The host decides on certificates and on whom they let in.</summary>
public interface IListenerTls
{
    /// <summary>What the next connection is met with; its callback refuses certificates that are no good. Any thread.</summary>
    SslServerAuthenticationOptions OptionsFor(EndPoint? remote);

    /// <summary>The last word on a connection whose handshake is done; false closes it.</summary>
    ValueTask<bool> AdmitAsync(X509Certificate2 certificate, EndPoint? remote, CancellationToken cancellationToken);

    /// <summary>The common name of a certificate's subject; empty for none.</summary>
    string CommonNameOf(X509Certificate2 certificate);
}
