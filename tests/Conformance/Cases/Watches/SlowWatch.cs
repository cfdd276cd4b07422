using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Cases.Watches;

/// <summary>A watch whose client reads nothing until told, so that flow control stops the server.</summary>
internal sealed class SlowWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;

    public SlowWatch(Krewe.Api.Protos.Etcd.Watch.WatchClient client) => _call = client.Watch(cancellationToken: _limit.Token);

    /// <summary>Creates the watch and returns when the server said so.</summary>
    public async Task CreateAsync(WatchCreateRequest request)
    {
        await _call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = request });
        await _call.ResponseStream.MoveNext(_limit.Token);
    }

    /// <summary>Now reads, until it has <paramref name="count"/> events; returns their revisions in the order of arrival.</summary>
    public async Task<List<long>> ReadAsync(int count)
    {
        var revisions = new List<long>();
        while (revisions.Count < count && await _call.ResponseStream.MoveNext(_limit.Token))
        {
            revisions.AddRange(_call.ResponseStream.Current.Events.Select(e => e.Kv.ModRevision));
        }

        return revisions;
    }

    public async ValueTask DisposeAsync()
    {
        await _limit.CancelAsync();
        _call.Dispose();
        _limit.Dispose();
    }
}
