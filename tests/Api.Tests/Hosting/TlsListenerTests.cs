using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Grpc;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Api.Tests.Hosting;

/// <summary>Whom an https listener lets in, and what requests learn of it.</summary>
public sealed class TlsListenerTests
{
    private readonly FakeListenerTls _tls = new();
    private readonly ConcurrentQueue<string?> _names = [];

    [Fact]
    public async Task Calls_know_the_common_name_of_their_client_behaviour_230()
    {
        await using var host = await StartAsync();

        await RangeAsync(host, FakeListenerTls.Make("alice"));
        await RangeAsync(host, FakeListenerTls.Make("bob"));
        await RangeAsync(host, null);

        Assert.Equal(["alice", "bob", null], _names);
    }

    [Fact]
    public async Task A_call_through_the_JSON_gateway_has_no_common_name_behaviour_231()
    {
        await using var host = await StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = _tls.Connect(FakeListenerTls.Make("alice")) });
        using var body = new StringContent("{\"key\":\"YQ==\"}");

        using var response = await http.PostAsync(new Uri(UrlOf(host), "v3/kv/range"), body, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal([null], _names);
    }

    [Fact]
    public async Task Whoever_is_not_admitted_after_the_handshake_gets_nothing()
    {
        _tls.Admits = false;
        await using var host = await StartAsync();

        await Assert.ThrowsAsync<RpcException>(() => RangeAsync(host, FakeListenerTls.Make("alice")));

        Assert.Empty(_names);
    }

    private static Uri UrlOf(ApiHost host) => new UriBuilder(host.ClientUrl) { Scheme = "https" }.Uri;

    private async Task RangeAsync(ApiHost host, X509Certificate2? certificate)
    {
        using var channel = GrpcChannel.ForAddress(UrlOf(host), new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { SslOptions = _tls.Connect(certificate) },
            DisposeHttpClient = true,
        });
        await new EtcdClient(channel.CreateCallInvoker()).RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8("a") });
    }

    private Task<ApiHost> StartAsync() => ApiHost.StartAsync(null, null, null, _tls, services =>
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(KvService)));
        services.AddSingleton<IGrpcService>(s => new NameRecorder(ActivatorUtilities.CreateInstance<KvService>(s), _names));
    });
}
