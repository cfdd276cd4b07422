using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Watches;

/// <summary>Section 7: creation, cancellation and start revisions. A later answer on the stream shows that none came before it.</summary>
internal static class WatchCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([111, 112, 115], "one stream carries many watchers with ids from 0", async c =>
        {
            await using var watch = c.Watch();
            foreach (var key in new[] { "a", "b", "c" })
            {
                await watch.CreateAsync(WatchKey(key));
                await c.Next($"created {key}", watch);
            }

            await c.Put("put", Put("b"));
            await c.Next("event", watch);
            await watch.CancelAsync(1);
            await c.Next("cancelled", watch);
            await watch.CreateAsync(WatchKey("d"));
            await c.Next("next id", watch);
            await using var other = c.Watch();
            await other.CreateAsync(WatchKey("a"));
            await c.Next("another stream", other);
        }),
        new([113, 112, 114], "chosen ids are used, skipped by automatic ones, and refused when live", async c =>
        {
            await using var watch = c.Watch();
            await Create(c, watch, "chosen 7", With(WatchKey("a"), w => w.WatchId = 7));
            await Create(c, watch, "chosen 1", With(WatchKey("a"), w => w.WatchId = 1));
            await Create(c, watch, "negative", With(WatchKey("a"), w => w.WatchId = -4));
            await Create(c, watch, "auto", WatchKey("b"));
            await Create(c, watch, "auto skips 1", WatchKey("b"));
            await Create(c, watch, "duplicate", With(WatchKey("c"), w => w.WatchId = 7));
            await c.Put("put", Put("b"));
            // Between watchers there is no order (B139).
            var events = new[] { await watch.NextAsync(), await watch.NextAsync() };
            c.Record("events", string.Join(' ', events.OrderBy(e => e.WatchId).Select(c.Canon.Write)));
            await watch.CancelAsync(7);
            await c.Next("cancelled 7", watch);
            await Create(c, watch, "7 again", With(WatchKey("c"), w => w.WatchId = 7));
        }),
        new([116], "start_revision 0 delivers only what follows", async c =>
        {
            await c.Seed("a", "a");
            await using var watch = c.Watch();
            await Create(c, watch, "created", WatchKey("a"));
            await c.Put("put", Put("a", "after"));
            await c.Next("event", watch);
        }),
        new([117, 133], "a past start replays and goes on live", async c =>
        {
            await c.Seed("a", "b");
            await c.Delete("delete", Delete("a"));
            await c.Txn("txn", Do(Op(Put("b", "2")), Op(Put("a", "2")), Op(Put("x"))));
            await using var watch = c.Watch();
            await Create(c, watch, "created", WatchKey("a", "c", c.Rev(1)));
            await c.Events("replay", watch, 5);
            await c.Put("live", Put("b", "3"));
            await c.Next("live event", watch);
        }),
        new([118], "a future start begins at that revision", async c =>
        {
            await using var watch = c.Watch();
            await Create(c, watch, "created", WatchKey("a", "", c.Rev(3)));
            await c.Seed("a", "a");
            await c.Put("third", Put("a", "3"));
            await c.Put("fourth", Put("a", "4"));
            await c.Next("third", watch);
            await c.Next("fourth", watch);
        }),
        new([119], "a negative start is refused", async c =>
        {
            await c.Seed("a");
            await using var watch = c.Watch();
            await Create(c, watch, "negative", WatchKey("a", "", -1));
            await Create(c, watch, "next", WatchKey("a"));
        }),
        new([120], "a compacted start is created and then cancelled with compact_revision", async c =>
        {
            await c.Seed("a", "a", "a");
            await c.Compact("compact", c.Rev(3));
            await using var watch = c.Watch();
            await Create(c, watch, "created", WatchKey("a", "", c.Rev(2)));
            await c.Next("cancelled", watch);
            await Create(c, watch, "next id", WatchKey("a"));
        }),
        new([121], "a start at the compaction is valid", async c =>
        {
            await c.Seed("a", "a", "a");
            await c.Compact("compact", c.Rev(2));
            await using var watch = c.Watch();
            await Create(c, watch, "created", WatchKey("a", "", c.Rev(2)));
            await c.Events("event", watch, 2);
        }),
        new([122], "an empty key with an open end watches everything", async c =>
        {
            await using var watch = c.Watch();
            await Create(c, watch, "everything", WatchKey("", OpenEnd));
            await c.Put("zero", new() { Key = Raw(0) });
            await c.Put("high", new() { Key = Raw(0xff) });
            await c.Events("event", watch, 2);
            await using var single = c.Watch();
            await Create(c, single, "empty key alone", WatchKey(""));
            await c.Put("other", Put("a"));
            await c.Put("zero again", new() { Key = Raw(0) });
            await c.Next("zero byte", single);
        }),
        new([123], "an empty range is refused", async c =>
        {
            await using var watch = c.Watch();
            await Create(c, watch, "equal", WatchKey("b", "b"));
            await Create(c, watch, "below", WatchKey("b", "a"));
            await Create(c, watch, "empty key with an end", WatchKey("", "Z"));
            await Create(c, watch, "good", WatchKey("a", "b"));
            await c.Put("put", Put("A"));
            await c.Next("event", watch);
            await c.Put("put", Put("a"));
            await c.Next("event", watch);
        }),
        new([124, 125, 126], "cancel answers once, unknown ids and empty requests not at all", async c =>
        {
            await using var watch = c.Watch();
            await Create(c, watch, "a", WatchKey("a"));
            await Create(c, watch, "b", WatchKey("b"));
            await watch.CancelAsync(55);
            await watch.SendAsync(new WatchRequest());
            await watch.CancelAsync(0);
            await c.Next("cancelled", watch);
            await watch.CancelAsync(0);
            await c.Put("a", Put("a"));
            await c.Put("b", Put("b"));
            await c.Next("only b", watch);
        }),
        new([127], "half-close does not end the stream", async c =>
        {
            await using var watch = c.Watch();
            await Create(c, watch, "created", WatchKey("a"));
            await watch.HalfCloseAsync();
            await c.Put("one", Put("a", "1"));
            await c.Next("one", watch);
            await c.Put("two", Put("a", "2"));
            await c.Next("two", watch);
        }),
        new([128], "a cancelled watch is counted as Canceled", async c =>
        {
            var before = await CanceledWatches(c);
            await using (var watch = c.Watch())
            {
                await Create(c, watch, "created", WatchKey("a"));
            }

            await CaseRun.Until("the metric rises", async () => await CanceledWatches(c) > before);
            c.Record("metric", "rose");
        }),
        new([157, 165], "revoking a lease makes ordinary delete events in key order", async c =>
        {
            await c.Grant("grant", 6, 600);
            foreach (var key in new[] { "c", "a", "b" })
            {
                await c.Put(key, Put(key, "v", 6));
            }

            await using var watch = c.Watch();
            await Create(c, watch, "created", With(WatchKey("a", "z"), w => w.PrevKv = true));
            await c.Revoke("revoke", 6);
            await c.Next("events", watch);
        }),
    ];

    private static async Task<double> CanceledWatches(CaseRun c)
    {
        var text = await c.Target.Http.GetStringAsync("/metrics");
        return text.Split('\n')
            .Where(l => l.StartsWith("grpc_server_handled_total{", StringComparison.Ordinal)
                && l.Contains("grpc_code=\"Canceled\"", StringComparison.Ordinal)
                && l.Contains("grpc_service=\"etcdserverpb.Watch\"", StringComparison.Ordinal))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task Create(CaseRun c, WatchSession watch, string label, WatchCreateRequest request)
    {
        await watch.CreateAsync(request);
        await c.Next(label, watch);
    }

    private static WatchCreateRequest With(WatchCreateRequest request, Action<WatchCreateRequest> change)
    {
        change(request);
        return request;
    }
}
