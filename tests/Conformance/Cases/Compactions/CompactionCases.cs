using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Compactions;

/// <summary>Section 6: Compact.</summary>
internal static class CompactionCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([97, 101], "reads at and above the compaction work and live keys stay", async c =>
        {
            await c.Seed("a", "b", "a", "c", "a");
            await c.Compact("compact", c.Rev(4));
            for (var at = 3; at <= 5; at++)
            {
                var past = All();
                past.Revision = c.Rev(at);
                await c.Range($"at +{at}", past);
            }

            await c.Dump();
        }),
        new([98, 36], "compacting again, ahead and at the present", async c =>
        {
            await c.Seed("a", "a", "a");
            await c.Compact("at 2", c.Rev(2));
            await c.Compact("again", c.Rev(2));
            await c.Compact("below", c.Rev(1));
            await c.Compact("zero", 0);
            await c.Compact("future", c.Rev(4));
            await c.Compact("current", c.Rev(3));
            await c.Compact("current again", c.Rev(3));
            await c.Dump();
        }),
        new([99], "a store never compacted accepts 0 and refuses negatives", async c =>
        {
            await c.Compact("negative", -1);
            await c.Compact("zero", 0);
            await c.Compact("zero again", 0);
            await c.Put("put", Put("a"));
            await c.Dump();
        })
        { Fresh = true },
        new([100, 105], "a physical compaction answers after the data is gone", async c =>
        {
            for (var i = 0; i < 200; i++)
            {
                await c.Target.Kv.PutAsync(Put("a", $"{i}"), deadline: CaseRun.Deadline());
            }

            await c.Compact("physical", c.Rev(199), physical: true);
            var past = Range("a");
            past.Revision = c.Rev(198);
            await c.Range("gone", past);
            past.Revision = c.Rev(199);
            await c.Range("kept", past);
            await c.Dump();
        }),
        new([102, 121], "a tombstone exactly at the compaction is kept for a watch from there", async c =>
        {
            await c.Seed("a", "b");
            await c.Delete("delete", Delete("a"));
            await c.Seed("c");
            await c.Compact("compact", c.Rev(3), physical: true);
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", "z", c.Rev(3)));
            await c.Next("created", watch);
            await c.Events("event", watch, 2);
            var past = All();
            past.Revision = c.Rev(3);
            await c.Range("at the tombstone", past);
        }),
        new([103], "keys deleted before the compaction leave history", async c =>
        {
            await c.Seed("a", "b");
            await c.Delete("delete", Delete("a"));
            await c.Seed("c", "d");
            await c.Compact("compact", c.Rev(4), physical: true);
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", "z", c.Rev(4)));
            await c.Next("created", watch);
            await c.Events("event", watch, 2);
            await c.Put("a lives anew", Put("a"));
            await c.Dump();
        }),
        new([106], "a watcher that needs compacted revisions is cancelled with compact_revision", async c =>
        {
            await c.Seed("a", "a", "a");
            await c.Compact("compact", c.Rev(2));
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", "", c.Rev(1)));
            await c.Next("created", watch);
            await c.Next("cancelled", watch);
        }),
        new([107], "periodic auto compaction follows the retention", async c =>
        {
            await c.Seed("a", "a", "a");
            var first = Range("a");
            first.Revision = c.Rev(1);
            await CaseRun.Until("revision +1 is compacted", async () =>
            {
                try
                {
                    await c.Target.Kv.RangeAsync(first, deadline: CaseRun.Deadline());
                    return false;
                }
                catch (Grpc.Core.RpcException e) when (e.StatusCode == Grpc.Core.StatusCode.OutOfRange)
                {
                    return true;
                }
            });
            await c.Range("compacted", first);
            await c.Range("now", Range("a"));
        })
        { Fresh = true, Flags = ["--auto-compaction-mode=periodic", "--auto-compaction-retention=1s"] },
        new([276, 277], "HashKV checks its revision and knows the compaction", async c =>
        {
            await Hash(c, "empty", 0);
            await c.Seed("a", "b", "a");
            await Hash(c, "now", 0);
            await Hash(c, "past", c.Rev(2));
            await Hash(c, "future", c.Rev(9));
            await c.Compact("compact", c.Rev(2), physical: true);
            await Hash(c, "below", c.Rev(1));
            await Hash(c, "at", c.Rev(2));
            await Hash(c, "now again", 0);
        })
        {
            Fresh = true,
            Deviations =
            [
                HashRevision("empty", "+0"), HashRevision("now", "+3"), HashRevision("past", "+2"),
                HashRevision("now again", "+3"),
                new Deviation(
                    "at",
                    "etcd answers a hash that it kept from before the compaction, so with the compaction before it; Krewe hashes what is there, as B276 says",
                    _ => "{header:{rev:+3,ids:set},hash:set,compact_revision:+2,hash_revision:+2}"),
            ],
        },
        new([278], "HashKV of the same history is the same number", async c =>
        {
            await c.Seed("a", "b", "a");
            await c.Grant("grant", 7, 600);
            await c.Txn("txn", Do(Op(Put("c", "x", 7)), Op(Delete("b")), Op(Put("d", ""))));
            for (var at = 0; at <= 4; at++)
            {
                var answer = await c.Target.Maintenance.HashKVAsync(new() { Revision = at == 0 ? 0 : c.Rev(at) }, deadline: CaseRun.Deadline());
                c.Record($"hash at +{at}", $"{answer.Hash}");
            }
        })
        { Fresh = true },
    ];

    private static Deviation HashRevision(string label, string revision) => new(
        label,
        "3.6 and later report hash_revision (B276)",
        line => line.Contains("hash_revision", StringComparison.Ordinal) ? line : $"{line[..^1]},hash_revision:{revision}}}");

    private static Task Hash(CaseRun c, string label, long revision) =>
        c.Do(label, c.Target.Maintenance.HashKVAsync(new HashKVRequest { Revision = revision }, deadline: CaseRun.Deadline()));
}
