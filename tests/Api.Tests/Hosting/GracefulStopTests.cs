using System.Net;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Api.Tests.Hosting;

/// <summary>Behaviour 349, and the stages of a stop.</summary>
public sealed class GracefulStopTests
{
    private const int TimeoutMilliseconds = 60_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_member_that_stops_is_unready_first_and_serves_until_the_host_is_done_with_what_comes_before()
    {
        var stop = new HeldStop();
        await using var host = await ApiHost.StartAsync(null, null, null, tls: null, services => services.AddHostedService(_ => stop));
        using var release = stop;
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = Google.Protobuf.ByteString.CopyFromUtf8("a") });
        await watch.SkipAsync(1);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/readyz")).StatusCode);

        var stopping = host.StopAsync();
        await stop.Reached;
        var readyz = await host.Http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readyz.StatusCode);
        Assert.Contains("[-]stopping failed", await readyz.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/livez")).StatusCode);
        await host.Client.PutAsync("a", "1");
        Assert.Single((await watch.NextAsync()).Events);

        stop.Release();
        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: server stopped", watch.NextAsync);
        await stopping;
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task A_request_that_is_under_way_is_answered()
    {
        await using var host = await ApiHost.StartAsync();
        host.Keyspace.Hold = new TaskCompletionSource();
        var put = host.Client.PutAsync("a", "1");
        await UntilAsync(() => host.Keyspace.Last is not null);
        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        host.Keyspace.Hold.SetResult();
        await put;
        await stopping;
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task What_is_not_answered_within_the_drain_timeout_is_cut()
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        host.Keyspace.Hold = new TaskCompletionSource();
        var put = host.Client.PutAsync("a", "1");
        await UntilAsync(() => host.Keyspace.Last is not null);
        await host.StopAsync();
        await Assert.ThrowsAsync<RpcException>(() => put);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
