using System.Text;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Api.Hosting;

/// <summary>Kestrel's set-up for etcd's listen URLs.</summary>
public static class EtcdListeners
{
    /// <summary>
    /// etcd closes no connection for being idle. Kestrel adds the timeout to its clock; its "infinite" overflows there and closes
    /// each idle connection at the next heartbeat.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromDays(3650);

    /// <summary>
    /// Listens on <paramref name="clientUrls"/> for gRPC and HTTP/1.1 on one port (behaviour 321), and on
    /// <paramref name="metricsUrls"/> for metrics and health only (315). Needs <c>AddEtcdApi</c>.
    /// </summary>
    public static void ConfigureEtcdListeners(this KestrelServerOptions kestrel, IEnumerable<Uri> clientUrls, IEnumerable<Uri> metricsUrls)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(clientUrls);
        ArgumentNullException.ThrowIfNull(metricsUrls);
        ApplyLimits(kestrel, kestrel.ApplicationServices.GetRequiredService<ApiOptions>());
        var cut = kestrel.ApplicationServices.GetRequiredService<StopSignal>().CutToken;
        foreach (var url in clientUrls)
        {
            var port = new SharedPort(ListenUrl.ToEndPoint(url));
            Listen(kestrel, new SharedPortEndPoint(port, isHttp2: true), HttpProtocols.Http2, ListenerFeature.Client, cut);
            Listen(kestrel, new SharedPortEndPoint(port, isHttp2: false), HttpProtocols.Http1, ListenerFeature.Client, cut);
        }

        foreach (var url in metricsUrls)
        {
            Listen(kestrel, ListenUrl.ToEndPoint(url), HttpProtocols.Http1, ListenerFeature.Metrics, cut);
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel, System.Net.EndPoint endPoint, HttpProtocols protocols, ListenerFeature role, CancellationToken cut) =>
        kestrel.Listen(endPoint, listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => async connection =>
            {
                connection.Features.Set(role);
                await using var end = cut.Register(static aborted => ((ConnectionContext)aborted!).Abort(), connection);
                await next(connection);
            });
        });

    private static void ApplyLimits(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;

        // Metadata may be any bytes; Kestrel's own choice would cut the connection for what is not UTF-8.
        kestrel.RequestHeaderEncodingSelector =
            static name => name == ":authority" ? AuthorityEncoding.Instance : Encoding.Latin1;

        // gRPC messages are bounded one by one; a stream as a whole is not.
        kestrel.Limits.MaxRequestBodySize = null;

        // Streams are silent for as long as nothing happens.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.KeepAliveTimeout = IdleTimeout;
        kestrel.Limits.Http2.MaxStreamsPerConnection = (int)Math.Clamp(options.MaxConcurrentStreams, 1u, int.MaxValue);
        kestrel.Limits.Http2.KeepAlivePingDelay = options.KeepaliveInterval;
        kestrel.Limits.Http2.KeepAlivePingTimeout = options.KeepaliveTimeout;
    }
}
