using System.Net;
using System.Text;
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
    /// <param name="kestrel">Kestrel.</param>
    /// <param name="clientUrls">Of both schemes; an http and an https URL may share an address.</param>
    /// <param name="metricsUrls">Of both schemes.</param>
    /// <param name="clientTls">TLS of https client URLs; may be null without any.</param>
    /// <param name="metricsTls">TLS of https metrics URLs; may be null without any.</param>
    public static void ConfigureEtcdListeners(
        this KestrelServerOptions kestrel,
        IEnumerable<Uri> clientUrls,
        IEnumerable<Uri> metricsUrls,
        IListenerTls? clientTls = null,
        IListenerTls? metricsTls = null)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(clientUrls);
        ArgumentNullException.ThrowIfNull(metricsUrls);
        ApplyLimits(kestrel, kestrel.ApplicationServices.GetRequiredService<ApiOptions>());
        foreach (var address in clientUrls.GroupBy(ListenUrl.ToEndPoint))
        {
            ListenForClients(kestrel, address.Key, address.ToList(), clientTls);
        }

        foreach (var url in metricsUrls)
        {
            if (ListenUrl.IsTls(url))
            {
                Listen(kestrel, ListenUrl.ToEndPoint(url), HttpProtocols.Http1AndHttp2, ListenerFeature.Metrics, Require(metricsTls, url));
            }
            else
            {
                Listen(kestrel, ListenUrl.ToEndPoint(url), HttpProtocols.Http1, ListenerFeature.Metrics);
            }
        }
    }

    private static void ListenForClients(KestrelServerOptions kestrel, EndPoint address, List<Uri> urls, IListenerTls? tls)
    {
        var secure = urls.Find(ListenUrl.IsTls);
        if (secure is not null && urls.TrueForAll(ListenUrl.IsTls))
        {
            Listen(kestrel, address, HttpProtocols.Http1AndHttp2, ListenerFeature.Client, Require(tls, secure));
            return;
        }

        var port = new SharedPort(address);
        Listen(kestrel, new SharedPortEndPoint(port, SniffedProtocol.Http2), HttpProtocols.Http2, ListenerFeature.Client);
        Listen(kestrel, new SharedPortEndPoint(port, SniffedProtocol.Http1), HttpProtocols.Http1, ListenerFeature.Client);
        if (secure is not null)
        {
            Listen(kestrel, new SharedPortEndPoint(port, SniffedProtocol.Tls), HttpProtocols.Http1AndHttp2, ListenerFeature.Client, Require(tls, secure));
        }
    }

    private static IListenerTls Require(IListenerTls? tls, Uri url) =>
        tls ?? throw new ArgumentException($"listen URL {url}: there is no certificate for it", nameof(tls));

    private static void Listen(
        KestrelServerOptions kestrel, EndPoint endPoint, HttpProtocols protocols, ListenerFeature role, IListenerTls? tls = null) =>
        kestrel.Listen(endPoint, listen =>
        {
            listen.Protocols = protocols;
            if (tls is not null)
            {
                TlsListening.Add(listen, tls);
            }

            listen.Use(next => connection =>
            {
                connection.Features.Set(role);
                return next(connection);
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
