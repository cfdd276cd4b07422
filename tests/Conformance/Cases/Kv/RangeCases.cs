using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Api.Protos.Etcd.RangeRequest.Types;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Kv;

/// <summary>Section 2: Range.</summary>
internal static class RangeCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([15], "an empty key is refused", async c =>
        {
            await c.Range("range", Range(""));
            await c.Range("range with end", Range("", "z"));
            await c.Range("range with open end", Range("", OpenEnd));
            await c.Put("put", Put(""));
            await c.Delete("delete", Delete(""));
            await c.Delete("delete with end", Delete("", OpenEnd));
            await c.Dump();
        }),
        new([16, 42], "no range_end means the single key and count 0 or 1", async c =>
        {
            await c.Seed("a", "aa", "b");
            await c.Range("present", Range("a"));
            await c.Range("absent", Range("ab"));
            await c.Range("count", With(Range("aa"), r => r.CountOnly = true));
        }),
        new([17], "a range_end of one zero byte is open", async c =>
        {
            await c.Seed("a", "b", "\0x");
            await c.Put("ff", new() { Key = Raw(0xff, 0xff) });
            await c.Range("from b", Range("b", OpenEnd));
            await c.Range("everything", Range("\0", OpenEnd));
            await c.Range("two zero bytes are an ordinary end", Range("\0", "\0\0"));
            await c.Range("from beyond", new() { Key = Raw(0xff, 0xff, 0xff), RangeEnd = Raw(0) });
        }),
        new([18], "a range_end at or below key selects nothing", async c =>
        {
            await c.Seed("a", "b", "c");
            await c.Range("equal", Range("b", "b"));
            await c.Range("below", Range("c", "a"));
            await c.Delete("delete equal", Delete("b", "b"));
            await c.Delete("delete below", Delete("c", "a"));
            await c.Range("half open", Range("a", "c"));
        }),
        new([19], "prefix ends work, also for keys of 0xff only", async c =>
        {
            await c.Seed("foo", "foo/1", "foo/2", "fop");
            await c.Put("ff", new() { Key = Raw(0xff), Value = Utf8("1") });
            await c.Put("ff ff", new() { Key = Raw(0xff, 0xff), Value = Utf8("2") });
            await c.Range("foo/ prefix", Range("foo/", "foo0"));
            await c.Range("ff prefix", new() { Key = Raw(0xff), RangeEnd = Raw(0) });
            await c.Range("f ff prefix", new() { Key = Raw((byte)'f', 0xff), RangeEnd = Raw((byte)'g') });
        }),
        new([20, 27], "answers ascend by bytes", async c =>
        {
            await c.Seed("b", "a", "a/", "a0", "A", "~", "ab");
            await c.Put("high byte", new() { Key = Raw(0x80) });
            await c.Dump("ascending");
            await c.Range("explicit", With(All(), r => r.SortOrder = SortOrder.Ascend));
        }),
        new([21, 22, 23], "limit cuts, more tells, count does not change", async c =>
        {
            await c.Seed("a", "b", "c", "d", "e");
            foreach (var limit in new long[] { -3, 0, 1, 4, 5, 6 })
            {
                await c.Range($"limit {limit}", With(Range("a", "z"), r => r.Limit = limit));
            }

            await c.Range("past revision", With(Range("a", "z"), r => (r.Limit, r.Revision) = (1, c.Rev(3))));
            await c.Range("single key", With(Range("a"), r => r.Limit = 1));
        }),
        new([24], "count_only sets count alone and wins over keys_only", async c =>
        {
            await c.Seed("a", "b", "c");
            await c.Range("count", With(Range("a", "z"), r => r.CountOnly = true));
            await c.Range("with limit", With(Range("a", "z"), r => (r.CountOnly, r.Limit) = (true, 1)));
            await c.Range("with keys only", With(Range("a", "z"), r => (r.CountOnly, r.KeysOnly) = (true, true)));
            await c.Range("past", With(Range("a", "z"), r => (r.CountOnly, r.Revision) = (true, c.Rev(2))));
            await c.Range("none", With(Range("x", "z"), r => r.CountOnly = true));
            await c.Range("future", With(Range("a", "z"), r => (r.CountOnly, r.Revision) = (true, c.Rev(9))));
        }),
        new([23, 33], "count ignores revision filters", async c =>
        {
            await c.Seed("a", "b", "c");
            await c.Range("filtered", With(Range("a", "z"), r => r.MinModRevision = c.Rev(3)));
            await c.Range("filtered count only", With(Range("a", "z"), r => (r.MinModRevision, r.CountOnly) = (c.Rev(3), true)));
        }),
        new([25], "keys_only clears the value and keeps the rest", async c =>
        {
            await c.Seed("a", "a", "b");
            await c.Range("keys", With(Range("a", "z"), r => r.KeysOnly = true));
            await c.Range("key", With(Range("a"), r => r.KeysOnly = true));
            await c.Range("past", With(Range("a", "z"), r => (r.KeysOnly, r.Revision) = (true, c.Rev(1))));
        }),
        new([26], "keys_only has no lease unless sorted by value", async c =>
        {
            await c.Grant("grant", 3, 600);
            await c.Put("leased", Put("a", "v", 3));
            await c.Range("keys only", With(Range("a"), r => r.KeysOnly = true));
            await c.Range("by value", With(Range("a", "b"), r => (r.KeysOnly, r.SortTarget) = (true, SortTarget.Value)));
        })
        {
            Deviations =
            [
                new("keys only", "3.7.1 answers from the key index, which has no lease (B26); 3.5 still reads the record",
                    line => line.Replace(",lease:3", "", StringComparison.Ordinal)),
            ],
        },
        new([28], "another target without order sorts ascending after the limit", async c =>
        {
            await SeedForSorting(c);
            foreach (var target in Targets)
            {
                await c.Range($"by {target}", With(Range("a", "z"), r => r.SortTarget = target));
                await c.Range($"by {target} limit 2", With(Range("a", "z"), r => (r.SortTarget, r.Limit) = (target, 2)));
            }
        }),
        new([29, 30], "an explicit order sorts all before the limit", async c =>
        {
            await SeedForSorting(c);
            foreach (var target in Targets)
            {
                foreach (var order in new[] { SortOrder.Ascend, SortOrder.Descend })
                {
                    await c.Range($"{target} {order}", With(Range("a", "z"), r => (r.SortTarget, r.SortOrder) = (target, order)));
                    await c.Range($"{target} {order} limit", With(Range("a", "z"), r => (r.SortTarget, r.SortOrder, r.Limit) = (target, order, 2)));
                }
            }
        }),
        new([31], "keys_only sorts by the real values", async c =>
        {
            await SeedForSorting(c);
            await c.Range("by value", With(Range("a", "z"), r => (r.SortTarget, r.SortOrder, r.KeysOnly) = (SortTarget.Value, SortOrder.Descend, true)));
        }),
        new([32], "a sort option outside the enum is refused", async c =>
        {
            await c.Range("order", With(Range("a"), r => r.SortOrder = (SortOrder)9));
            await c.Range("target", With(Range("a"), r => r.SortTarget = (SortTarget)9));
            await c.Range("negative target", With(Range("a"), r => r.SortTarget = (SortTarget)(-1)));
            await c.Txn("in a branch that does not run", Txn(otherwise: [Op(With(Range("a"), r => r.SortTarget = (SortTarget)9))]));
            Assert.All(c.Lines, l => Assert.Equal("error InvalidArgument: \"etcdserver: invalid sort option\"", l.Text));
        })
        { KreweOnly = true },
        new([33, 34], "revision filters are inclusive and more follows them", async c =>
        {
            await c.Seed("a", "b", "c", "d", "b");
            foreach (var bound in new long[] { 0, 2, 3, 5 })
            {
                var at = bound == 0 ? 0 : c.Rev(bound);
                await c.Range($"min mod {bound}", With(Range("a", "z"), r => r.MinModRevision = at));
                await c.Range($"max mod {bound}", With(Range("a", "z"), r => r.MaxModRevision = at));
                await c.Range($"min create {bound}", With(Range("a", "z"), r => r.MinCreateRevision = at));
                await c.Range($"max create {bound}", With(Range("a", "z"), r => r.MaxCreateRevision = at));
                await c.Range($"min mod {bound} limit", With(Range("a", "z"), r => (r.MinModRevision, r.Limit) = (at, 2)));
            }

            await c.Range("negative", With(Range("a", "z"), r => r.MaxModRevision = -1));
            await c.Range("both", With(Range("a", "z"), r => (r.MinModRevision, r.MaxCreateRevision) = (c.Rev(3), c.Rev(3))));
        }),
        new([35, 36], "revision at or below 0 is now, above is an error", async c =>
        {
            await c.Seed("a");
            await c.Range("zero", With(Range("a"), r => r.Revision = 0));
            await c.Range("negative", With(Range("a"), r => r.Revision = -7));
            await c.Range("current", With(Range("a"), r => r.Revision = c.Rev(1)));
            await c.Range("future", With(Range("a"), r => r.Revision = c.Rev(2)));
            await c.Range("far future", With(Range("a"), r => r.Revision = long.MaxValue));
            await c.Range("future, empty range", With(Range("b", "a"), r => r.Revision = c.Rev(2)));
        }),
        new([37], "below the compaction is an error, at it is readable", async c =>
        {
            await c.Seed("a", "b", "a");
            await c.Compact("compact", c.Rev(2));
            await c.Range("below", With(Range("a", "z"), r => r.Revision = c.Rev(1)));
            await c.Range("at", With(Range("a", "z"), r => r.Revision = c.Rev(2)));
            await c.Range("above", With(Range("a", "z"), r => r.Revision = c.Rev(3)));
        }),
        new([38], "a past read shows values, versions and leases of then", async c =>
        {
            await c.Grant("grant", 4, 600);
            await c.Put("1", Put("a", "one", 4));
            await c.Put("2", Put("a", "two"));
            await c.Delete("3", Delete("a"));
            await c.Put("4", Put("a", "four"));
            for (var at = 0; at <= 4; at++)
            {
                await c.Range($"at +{at}", With(Range("a", "z"), r => r.Revision = c.Rev(at)));
            }
        }),
        new([39, 40, 358], "a read after an acknowledged write sees it, serializable or not", async c =>
        {
            for (var i = 0; i < 20; i++)
            {
                await c.Put($"put {i}", Put("a", $"{i}"));
                await c.Range($"serializable {i}", With(Range("a"), r => r.Serializable = true));
                await c.Range($"linearizable {i}", Range("a"));
            }
        }),
    ];

    private static SortTarget[] Targets => [SortTarget.Version, SortTarget.Create, SortTarget.Mod, SortTarget.Value, SortTarget.Key];

    /// <summary>Keys whose version, create, mod and value orders all differ and have no ties (ties are unspecified, B30).</summary>
    private static async Task SeedForSorting(CaseRun c)
    {
        foreach (var (key, value) in new[] { ("c", "1"), ("a", "x"), ("b", "m"), ("a", "z"), ("b", "n"), ("a", "b"), ("d", "q"), ("d", "r"), ("d", "s"), ("d", "t") })
        {
            await c.Target.Kv.PutAsync(Put(key, value), deadline: CaseRun.Deadline());
        }
    }

    private static RangeRequest With(RangeRequest request, Action<RangeRequest> change)
    {
        change(request);
        return request;
    }
}
