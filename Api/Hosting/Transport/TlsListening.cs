using System.Net.Security;
using Krewe.Api.Grpc;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Krewe.Api.Hosting.Transport;

/// <summary>Puts TLS in front of a listener's protocol, and who the client is behind it.</summary>
internal static class TlsListening
{
    /// <summary>How long a handshake may take, as in etcd.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    public static void Add(ListenOptions listen, IListenerTls tls)
    {
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeTimeout,
            OnConnection = context =>
            {
                var options = tls.OptionsFor(context.Connection.RemoteEndPoint);

                // A client that asks for neither speaks HTTP/1.1, as Go's servers have it.
                options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
                return ValueTask.FromResult(options);
            },
        });
        listen.Use(next => connection => IdentifyAsync(connection, tls, next));
    }

    private static async Task IdentifyAsync(ConnectionContext connection, IListenerTls tls, ConnectionDelegate next)
    {
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        if (certificate is not null)
        {
            if (!await tls.AdmitAsync(certificate, connection.RemoteEndPoint, connection.ConnectionClosed))
            {
                return;
            }

            connection.Features.Set<IClientCertificateIdentity>(new ClientCertificateIdentity(tls.CommonNameOf(certificate)));
        }

        await next(connection);
    }
}
