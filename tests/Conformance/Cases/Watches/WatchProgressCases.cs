using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Watches;

/// <summary>Section 7: progress.</summary>
internal static class WatchProgressCases
{
    private static readonly string[] FastTicks35 = ["--experimental-watch-progress-notify-interval=100ms"];
    private static readonly string[] FastTicks = ["--watch-progress-notify-interval=100ms"];
    private static readonly string[] TooFast35 = ["--experimental-watch-progress-notify-interval=1ms"];
    private static readonly string[] TooFast = ["--watch-progress-notify-interval=1ms"];

    public static IEnumerable<ConformanceCase> All =>
    [
        new([142, 145], "progress_notify sends empty responses with the watcher's id", async c =>
        {
            await c.Seed("a");
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("none"));
            await c.Next("without", watch);
            var future = WatchKey("a", "", c.Rev(50));
            future.ProgressNotify = true;
            await watch.CreateAsync(future);
            await c.Next("future", watch);
            var notified = WatchKey("a");
            notified.ProgressNotify = true;
            await watch.CreateAsync(notified);
            await c.Next("created", watch);
            await c.Next("tick", watch);
            await c.Next("second tick", watch);
            await c.Put("put elsewhere", Put("other"));
            await UntilRevision(c, watch, c.Rev(2));
        })
        { Fresh = true, Flags = FastTicks35, KreweFlags = FastTicks },
        new([143], "an interval under 100 ms is raised to it", async c =>
        {
            await using var watch = c.Watch();
            var notified = WatchKey("a");
            notified.ProgressNotify = true;
            await watch.CreateAsync(notified);
            await c.Next("created", watch);
            await watch.NextAsync();
            var clock = System.Diagnostics.Stopwatch.StartNew();
            for (var i = 0; i < 5; i++)
            {
                await watch.NextAsync();
            }

            // Five ticks of at least 100 ms each; the first of them may already have begun.
            c.Record("five ticks take 400 ms at least", $"{clock.ElapsedMilliseconds >= 400}");
        })
        { Fresh = true, Flags = TooFast35, KreweFlags = TooFast },
        new([144, 146], "a progress request answers -1 and the store's revision after all events", async c =>
        {
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("created", watch);
            await watch.ProgressAsync();
            await c.Next("progress", watch);
            await c.Seed("a", "b", "a");
            await c.Next("first", watch);
            await c.Next("second", watch);
            await Asked(c, "after events", watch);
        }),
        new([147, 149], "a watcher that has not started keeps progress back", async c =>
        {
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("created", watch);
            await watch.CreateAsync(WatchKey("a", "", c.Rev(3)));
            await c.Next("future", watch);
            await watch.ProgressAsync();
            await c.Put("put", Put("a"));
            await c.Next("an event and no progress", watch);
            await watch.CancelAsync(1);
            await c.Next("cancelled", watch);
            await Asked(c, "progress now", watch);
        }),
        new([148], "a stream without watchers gets no progress", async c =>
        {
            await using var watch = c.Watch();
            await watch.ProgressAsync();
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("the first answer is the created one", watch);
            await watch.CancelAsync(0);
            await c.Next("cancelled", watch);
            await watch.ProgressAsync();
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("again the created one", watch);
        }),
    ];

    /// <summary>Asks until it is answered, as clients must: a request is dropped while a watcher is not caught up (B147).</summary>
    private static async Task Asked(CaseRun c, string label, WatchSession watch)
    {
        var next = watch.NextAsync();
        do
        {
            await watch.ProgressAsync();
        }
        while (await Task.WhenAny(next, Task.Delay(300)) != next);
        c.Record(label, await next);
    }

    private static async Task UntilRevision(CaseRun c, WatchSession watch, long revision)
    {
        WatchResponse answer;
        do
        {
            answer = await watch.NextAsync();
        }
        while (answer.Header.Revision < revision);
        c.Record("tick at the new revision", answer);
    }
}
