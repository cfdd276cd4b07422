using System.Net.Security;
using System.Text;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <inheritdoc cref="IEtcdTarget"/>
internal sealed class EtcdTarget : IEtcdTarget, IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly SslClientAuthenticationOptions? _tls;

    public EtcdTarget(ServerKind kind, string clientUrl, string peerUrl, string metricsUrl, SslClientAuthenticationOptions? tls = null)
    {
        _tls = tls;
        Kind = kind;
        ClientUrl = new Uri(clientUrl);
        PeerUrl = new Uri(peerUrl);
        MetricsUrl = new Uri(metricsUrl);
        _handler = NewHandler(tls);
        Channel = NewChannel(_handler);
        Http = new HttpClient(WithTls(new SocketsHttpHandler { AllowAutoRedirect = false }, tls)) { BaseAddress = ClientUrl, Timeout = TimeSpan.FromSeconds(20) };
        Kv = new KV.KVClient(Channel);
        Watch = new Krewe.Api.Protos.Etcd.Watch.WatchClient(Channel);
        Lease = new Krewe.Api.Protos.Etcd.Lease.LeaseClient(Channel);
        Cluster = new Cluster.ClusterClient(Channel);
        Maintenance = new Maintenance.MaintenanceClient(Channel);
    }

    public ServerKind Kind { get; }

    public GrpcChannel Channel { get; }

    public HttpClient Http { get; }

    public Uri ClientUrl { get; }

    public Uri PeerUrl { get; }

    public Uri MetricsUrl { get; }

    public KV.KVClient Kv { get; }

    public Krewe.Api.Protos.Etcd.Watch.WatchClient Watch { get; }

    public Krewe.Api.Protos.Etcd.Lease.LeaseClient Lease { get; }

    public Cluster.ClusterClient Cluster { get; }

    public Maintenance.MaintenanceClient Maintenance { get; }

    /// <summary>A second connection to the same server; the caller disposes it.</summary>
    public GrpcChannel NewChannel() => NewChannel(NewHandler(_tls));

    /// <summary>A connection with another certificate; the caller disposes it.</summary>
    public GrpcChannel NewChannel(SslClientAuthenticationOptions tls) => NewChannel(NewHandler(tls));

    /// <summary>A second connection through a handler that changes requests; the caller disposes it.</summary>
    public GrpcChannel NewChannel(HttpMessageHandler handler) => GrpcChannel.ForAddress(ClientUrl, new GrpcChannelOptions
    {
        HttpHandler = handler,
        DisposeHttpClient = true,
        MaxReceiveMessageSize = null,
        MaxSendMessageSize = null,
    });

    /// <summary>A handler that sends header bytes as they are (Latin-1), so that metadata can be invalid UTF-8.</summary>
    public static SocketsHttpHandler NewHandler(SslClientAuthenticationOptions? tls = null) => WithTls(
        new SocketsHttpHandler { EnableMultipleHttp2Connections = false, RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 }, tls);

    private static SocketsHttpHandler WithTls(SocketsHttpHandler handler, SslClientAuthenticationOptions? tls)
    {
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        return handler;
    }

    public void Dispose()
    {
        Channel.Dispose();
        _handler.Dispose();
        Http.Dispose();
    }
}
