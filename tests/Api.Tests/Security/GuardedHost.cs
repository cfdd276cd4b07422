using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Fakes;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Security;

/// <summary>The etcd face with auth on, and calls to it as some user.</summary>
internal static class GuardedHost
{
    public static async Task<ApiHost> StartAsync(ApiOptions? options = null, RecordingLoggerProvider? log = null)
    {
        var host = await ApiHost.StartAsync(options, log: log);
        host.Auth.Set(_ => new FakeAuthView
        {
            Enabled = true,
            Revision = 5,
            Readable = new() { ["reader"] = "kl", ["both"] = "k" },
            Writable = new() { ["writer"] = "k", ["both"] = "k" },
        });
        foreach (var user in new[] { "reader", "writer", "both", "root" })
        {
            host.Auth.AddToken($"{user}-token", user);
        }

        host.Auth.AddToken("old-token", "reader", revision: 4);
        return host;
    }

    public static Metadata As(string? user) => user is null ? [] : new Metadata { { "token", $"{user}-token" } };

    public static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    public static Task<PutResponse> PutAsync(ApiHost host, string key, Metadata headers) =>
        host.Client.PutAsync(new PutRequest { Key = Key(key) }, new CallOptions(headers));

    public static Task<RangeResponse> RangeAsync(ApiHost host, string key, Metadata headers) =>
        host.Client.RangeAsync(new RangeRequest { Key = Key(key) }, new CallOptions(headers));

    public static Task<TxnResponse> TxnAsync(ApiHost host, TxnRequest request) =>
        CallAsync<TxnRequest, TxnResponse>(host, EtcdClient.Kv, "Txn", request, "writer");

    public static Task<TResponse> CallAsync<TRequest, TResponse>(ApiHost host, string service, string name, TRequest request, string? user)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        host.Client.CallAsync<TRequest, TResponse>(service, name, request, new CallOptions(As(user)));
}
