using System.Net;
using System.Text;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting.Keepalive;
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
        var options = kestrel.ApplicationServices.GetRequiredService<ApiOptions>();
        var time = kestrel.ApplicationServices.GetRequiredService<TimeProvider>();
        ApplyLimits(kestrel, options);
        foreach (var address in clientUrls.GroupBy(ListenUrl.ToEndPoint))
        {
            ListenUrl.RemoveStaleSocket(address.Key);
            ListenForClients(kestrel, address.Key, address.ToList(), clientTls, EnforcePings);
        }

        foreach (var url in metricsUrls)
        {
            ListenUrl.RemoveStaleSocket(ListenUrl.ToEndPoint(url));
            if (ListenUrl.IsTls(url))
            {
                var tls = Require(metricsTls, url);
                Listen(kestrel, ListenUrl.ToEndPoint(url), HttpProtocols.Http1AndHttp2, ListenerFeature.Metrics, listen => TlsListening.Add(listen, tls));
            }
            else
            {
                Listen(kestrel, ListenUrl.ToEndPoint(url), HttpProtocols.Http1, ListenerFeature.Metrics);
            }
        }

        ConnectionDelegate EnforcePings(ConnectionDelegate next) =>
            PingEnforcement.Apply(next, options.KeepaliveMinTime > TimeSpan.Zero ? options.KeepaliveMinTime : PingPolicy.DefaultMinTime, time);
    }

    /// <summary>
    /// Pings are counted without TLS only, as in etcd: with TLS its gRPC runs behind Go's HTTP server, which has no such rule.
    /// </summary>
    private static void ListenForClients(
        KestrelServerOptions kestrel, EndPoint address, List<Uri> urls, IListenerTls? tls, Func<ConnectionDelegate, ConnectionDelegate> enforcePings)
    {
        var secure = urls.Find(ListenUrl.IsTls) is { } url ? Require(tls, url) : null;
        if (secure is not null && urls.TrueForAll(ListenUrl.IsTls))
        {
            Listen(kestrel, address, HttpProtocols.Http1AndHttp2, ListenerFeature.Client, listen => TlsListening.Add(listen, secure));
            return;
        }

        var port = new SharedPort(address);
        Listen(kestrel, new SharedPortEndPoint(port, SniffedProtocol.Http2), HttpProtocols.Http2, ListenerFeature.Client, listen => listen.Use(enforcePings));
        Listen(kestrel, new SharedPortEndPoint(port, SniffedProtocol.Http1), HttpProtocols.Http1, ListenerFeature.Client);
        if (secure is not null)
        {
            var endPoint = new SharedPortEndPoint(port, SniffedProtocol.Tls);
            Listen(kestrel, endPoint, HttpProtocols.Http1AndHttp2, ListenerFeature.Client, listen => TlsListening.Add(listen, secure));
        }
    }

    private static IListenerTls Require(IListenerTls? tls, Uri url) =>
        tls ?? throw new ArgumentException($"listen URL {url}: there is no certificate for it", nameof(tls));

    /// <param name="wrap">Puts what comes first before the protocol.</param>
    private static void Listen(
        KestrelServerOptions kestrel, EndPoint endPoint, HttpProtocols protocols, ListenerFeature role, Action<ListenOptions>? wrap = null)
    {
        var cut = kestrel.ApplicationServices.GetRequiredService<StopSignal>().CutToken;
        kestrel.Listen(endPoint, listen =>
        {
            listen.Protocols = protocols;
            wrap?.Invoke(listen);
            listen.Use(next => async connection =>
            {
                connection.Features.Set(role);
                await using var end = cut.Register(static aborted => ((ConnectionContext)aborted!).Abort(), connection);
                await next(connection);
            });
        });
    }

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
