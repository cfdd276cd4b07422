using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Services;

/// <summary>A watch stream as a test sees it.</summary>
internal sealed class WatchProbe(ApiHost host, CallOptions options = default) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public AsyncDuplexStreamingCall<WatchRequest, WatchResponse> Call { get; } = host.Client.Watch(options);

    public Task CreateAsync(WatchCreateRequest request) => SendAsync(new WatchRequest { CreateRequest = request });

    public Task SendAsync(WatchRequest request) => Call.RequestStream.WriteAsync(request);

    public async Task<WatchResponse> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        Assert.True(await Call.ResponseStream.MoveNext(limit.Token), "the stream ended");
        return Call.ResponseStream.Current;
    }

    public async Task SkipAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await NextAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        Call.Dispose();
        return default;
    }
}
