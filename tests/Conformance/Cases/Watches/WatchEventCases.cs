using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Api.Protos.Etcd.WatchCreateRequest.Types;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Watches;

/// <summary>Section 7: what events say and how they are framed.</summary>
internal static class WatchEventCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([129, 130], "puts carry the kv and deletes key and mod_revision", async c =>
        {
            await c.Grant("grant", 6, 600);
            await using var watch = await Watching(c, WatchKey("a"));
            await c.Put("create", Put("a", "1", 6));
            await c.Put("update", Put("a", "2"));
            await c.Delete("delete", Delete("a"));
            await c.Put("create again", Put("a", ""));
            for (var i = 0; i < 4; i++)
            {
                await c.Next($"event {i}", watch);
            }
        }),
        new([131], "prev_kv comes with updates and deletes, not with creations", async c =>
        {
            await using var watch = await Watching(c, With(WatchKey("a", "z"), w => w.PrevKv = true));
            await c.Put("create", Put("a", "1"));
            await c.Put("update", Put("a", "2"));
            await c.Txn("txn", Do(Op(Put("a", "3")), Op(Put("b", "1"))));
            await c.Delete("delete", Delete("a", "z"));
            await c.Put("create again", Put("a", "5"));
            for (var i = 0; i < 5; i++)
            {
                await c.Next($"event {i}", watch);
            }

            await c.Compact("compact", c.Rev(3), physical: true);
            await using var replay = await Watching(c, With(WatchKey("a", "z", c.Rev(3)), w => w.PrevKv = true));
            await c.Events("replay, previous compacted", replay, 5);
        }),
        new([132], "filters drop events and responses of them alone", async c =>
        {
            await using var puts = await Watching(c, With(WatchKey("a", "z"), w => w.Filters.Add(FilterType.Nodelete)));
            await using var deletes = await Watching(c, With(WatchKey("a", "z"), w => w.Filters.Add(FilterType.Noput)));
            await using var none = await Watching(c, With(WatchKey("a", "z"), w => w.Filters.Add([FilterType.Noput, FilterType.Nodelete])));
            await c.Seed("a");
            await c.Delete("delete", Delete("a"));
            await c.Txn("both", Do(Op(Put("b")), Op(Delete("a", "b"))));
            await c.Seed("c");
            await c.Delete("last", Delete("b"));
            for (var i = 0; i < 3; i++)
            {
                await c.Next($"puts {i}", puts);
            }

            for (var i = 0; i < 2; i++)
            {
                await c.Next($"deletes {i}", deletes);
            }

            await none.ProgressAsync();
            await c.Next("nothing but progress", none);
        }),
        new([132], "filters outside the enum are ignored", async c =>
        {
            await using var watch = await Watching(c, With(WatchKey("a"), w => w.Filters.Add((FilterType)7)));
            await c.Seed("a");
            await c.Delete("delete", Delete("a"));
            await c.Next("put", watch);
            await c.Next("delete", watch);
        }),
        new([133, 134, 136], "a revision is one response, in operation order, with its own revision in the header", async c =>
        {
            await using var watch = await Watching(c, WatchKey("a", "z"));
            await c.Txn("txn", Do(Op(Put("c")), Op(Put("a")), Op(Do(Op(Put("b"))))));
            await c.Seed("a", "b", "c");
            await c.Delete("delete", Delete("a", "z"));
            for (var i = 0; i < 5; i++)
            {
                await c.Next($"response {i}", watch);
            }
        }),
        new([135, 136], "a catching-up watcher gets whole revisions, at most 1000 a response", async c =>
        {
            for (var i = 0; i < 25; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 100).Select(n =>
                    c.Target.Kv.TxnAsync(Do(Op(Put("a")), Op(Put("b"))), deadline: CaseRun.Deadline()).ResponseAsync));
            }

            await using var watch = await Watching(c, WatchKey("a", "z", c.Rev(1)));
            long last = c.Rev(0);
            var largest = 0;
            for (var seen = 0; seen < 5000;)
            {
                var answer = await watch.NextAsync();
                seen += answer.Events.Count;
                var revisions = answer.Events.Select(e => e.Kv.ModRevision).Distinct().Order().ToArray();
                Assert.Equal(Enumerable.Range((int)last + 1, revisions.Length).Select(r => (long)r), revisions);
                Assert.Equal(revisions.Length * 2, answer.Events.Count);
                Assert.True(answer.Header.Revision >= revisions[^1]);
                largest = Math.Max(largest, revisions.Length);
                last = revisions[^1];
            }

            c.Record("last", c.Canon.Revision(last));
            c.Record("largest within the limit", $"{largest is > 1 and <= 1000}");
        }),
        new([137], "a watch resumed at the last revision plus one loses and repeats nothing", async c =>
        {
            await using (var watch = await Watching(c, WatchKey("a", "z")))
            {
                await c.Seed("a", "b");
                await c.Next("first", watch);
                await c.Next("second", watch);
            }

            await c.Seed("c", "d");
            await c.Delete("delete", Delete("a"));
            await using var resumed = await Watching(c, WatchKey("a", "z", c.Rev(3)));
            await c.Events("resumed", resumed, 3);
            await c.Put("live", Put("e"));
            await c.Next("live", resumed);
        }),
        new([138], "a slow watcher loses nothing", async c =>
        {
            var large = ByteString.CopyFrom(new byte[100_000]);
            await using var slow = new SlowWatch(c.Target.Watch);
            await slow.CreateAsync(WatchKey("a", "z"));
            for (var i = 0; i < 300; i++)
            {
                await c.Target.Kv.PutAsync(new() { Key = Utf8($"b{i % 7}"), Value = large }, deadline: CaseRun.Deadline());
            }

            var revisions = await slow.ReadAsync(300);
            c.Record("events", $"{revisions.Count} from {c.Canon.Revision(revisions[0])} to {c.Canon.Revision(revisions[^1])}");
            c.Record("in order, each once", $"{revisions.SequenceEqual(Enumerable.Range(1, 300).Select(i => c.Rev(i)))}");
        }),
        new([139], "watchers of one stream each get their events", async c =>
        {
            await using var watch = c.Watch();
            foreach (var key in new[] { "a", "b" })
            {
                await watch.CreateAsync(WatchKey(key));
                await c.Next($"created {key}", watch);
            }

            await c.Txn("both", Do(Op(Put("a")), Op(Put("b"))));
            var answers = new[] { await watch.NextAsync(), await watch.NextAsync() }.OrderBy(a => a.WatchId);
            c.Record("both", string.Join(' ', answers.Select(c.Canon.Write)));
        }),
        new([150], "fragment splits a large response and marks all parts but the last", async c =>
        {
            await using var watch = await Watching(c, With(WatchKey("a", "z"), w => w.Fragment = true));
            await PutLarge(c);
            await using var replay = await Watching(c, With(WatchKey("a", "z", c.Rev(1)), w => w.Fragment = true));
            foreach (var session in new[] { watch, replay })
            {
                var parts = new List<WatchResponse>();
                do
                {
                    parts.Add(await session.NextAsync());
                }
                while (parts[^1].Fragment || parts.Sum(p => p.Events.Count) < 4);

                c.Record("split", $"{parts.Count > 1}");
                c.Record("events in order", string.Join(' ', parts.SelectMany(p => p.Events).Select(e => $"{Canon.Bytes(e.Kv.Key)}@{c.Canon.Revision(e.Kv.ModRevision)}")));
                c.Record("within the limit", $"{parts.All(p => p.CalculateSize() < (2 * 1024 * 1024) + 1024)}");
            }
        }),
        new([151], "without fragment a large response is whole", async c =>
        {
            // One revision of more than 2 MiB: several revisions may come in several responses (B135), one may not.
            await using var live = await Watching(c, With(WatchKey("a", "z"), w => w.PrevKv = true));
            await PutLarge(c);
            for (var i = 0; i < 4; i++)
            {
                await c.Next($"large {i}", live);
            }

            await c.Txn("touch all", Do([.. Enumerable.Range(0, 4).Select(i => Op(Put($"l{i}", "")))]));
            await c.Next("whole", live);
            await using var replay = await Watching(c, With(WatchKey("a", "z", c.Rev(5)), w => w.PrevKv = true));
            await c.Next("whole again", replay);
        }),
    ];

    /// <summary>Four revisions of 1 MB each, so that their replay exceeds the fragment limit of 2 MiB.</summary>
    private static async Task PutLarge(CaseRun c)
    {
        for (var i = 0; i < 4; i++)
        {
            await c.Put($"large {i}", new() { Key = Utf8($"l{i}"), Value = ByteString.CopyFrom(new byte[1_000_000]) });
        }
    }

    private static async Task<WatchSession> Watching(CaseRun c, WatchCreateRequest request)
    {
        var watch = c.Watch();
        await watch.CreateAsync(request);
        await c.Next("created", watch);
        return watch;
    }

    private static WatchCreateRequest With(WatchCreateRequest request, Action<WatchCreateRequest> change)
    {
        change(request);
        return request;
    }
}
