using System.Text;
using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Cluster.Tests.Watch;

/// <summary>A hub on a log and a history in memory, fed either by hand or by the log.</summary>
internal sealed class WatchRig : IAsyncDisposable
{
    private readonly RevisionLogFeed? _feed;

    public WatchRig(WatchHubOptions? options = null, RevisionLogOptions? log = null, bool feed = true, TimeProvider? time = null)
    {
        Log = new RevisionLog(log ?? new RevisionLogOptions());
        Hub = new WatchHub(Log, History, options ?? new WatchHubOptions(), time ?? TimeProvider.System, NullLogger<WatchHub>.Instance);
        _feed = feed ? new RevisionLogFeed(Log, Hub) : null;
    }

    public FakeHistory History { get; } = new();

    public RevisionLog Log { get; }

    public WatchHub Hub { get; }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static WatchEvent Put(string key, long revision, string value = "v") =>
        new(false, new KeyValue(Bytes(key), revision, revision, 1, Bytes(value), 0), null);

    public static WatchEvent Delete(string key, long revision) => new(true, new KeyValue(Bytes(key), 0, revision, 0, default, 0), null);

    public static WatchRequest Watch(long id, string key, string end = "", long start = 0, WatchFilters filters = WatchFilters.None, bool prevKv = false) =>
        new(id, Bytes(key), Bytes(end), start, filters, prevKv);

    /// <summary>Applies the next revision: it is in the store before it is in the log.</summary>
    public RevisionEvents Apply(params Func<long, WatchEvent>[] events)
    {
        RevisionEvents revision = Store(events);
        Log.Publish(revision);
        return revision;
    }

    /// <summary>Applies the next revision without telling the log.</summary>
    public RevisionEvents Store(params Func<long, WatchEvent>[] events)
    {
        long number = History.CurrentRevision + 1;
        var revision = new RevisionEvents(number, [.. events.Select(create => create(number))]);
        History.Append(revision);
        return revision;
    }

    public RevisionEvents ApplyPut(string key) => Apply(revision => Put(key, revision));

    /// <summary>Waits until the live flow has passed all; it flows only while there is a stream.</summary>
    public async Task PassAsync()
    {
        await using IWatchStream stream = Hub.OpenStream();
        await Eventually.TrueAsync(() => Hub.Position == History.CurrentRevision, "the live flow has passed all");
    }

    public async ValueTask DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync();
        }

        await Hub.DisposeAsync();
    }
}
