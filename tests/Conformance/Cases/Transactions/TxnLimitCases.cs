using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Transactions;

/// <summary>Section 5: op limits and duplicate keys.</summary>
internal static class TxnLimitCases
{
    private const int MaxOps = 128;

    public static IEnumerable<ConformanceCase> All =>
    [
        new([80], "the op limit counts each list and shrinks with depth", async c =>
        {
            await c.Txn("success at the limit", Txn(null, Puts(MaxOps)));
            await c.Txn("success over", Txn(null, Puts(MaxOps + 1)));
            await c.Txn("failure over", Txn(null, null, Puts(MaxOps + 1)));
            await c.Txn("compare at the limit", Txn(Compares(MaxOps)));
            await c.Txn("compare over", Txn(Compares(MaxOps + 1)));
            await c.Txn("nested with what is left", Do(Op(Txn(null, Puts(MaxOps - 1)))));
            await c.Txn("nested over", Do(Op(Txn(null, Puts(MaxOps)))));
            await c.Txn("nested, parent's longest list counts", Txn(Compares(100), [Op(Txn(null, Puts(MaxOps - 100)))]));
            await c.Txn("nested, parent's longest list over", Txn(Compares(100), [Op(Txn(null, Puts(MaxOps - 99)))]));
            await c.Txn("deep", Do(Op(Do(Op(Txn(null, Puts(MaxOps - 2)))))));
            await c.Txn("deep over", Do(Op(Do(Op(Txn(null, Puts(MaxOps - 1)))))));
        }),
        new([81], "an op without a member is KeyNotFound", async c =>
        {
            await c.Txn("success", Do(new RequestOp()));
            await c.Txn("failure", Txn(null, [Op(Put("a"))], [new RequestOp()]));
            await c.Txn("nested", Do(Op(Do(new RequestOp()))));
            await c.Dump();
        }),
        new([82], "two puts of one key in one list are refused", async c =>
        {
            await c.Txn("twice", Do(Op(Put("a")), Op(Put("a"))));
            await c.Txn("once a branch", Txn(null, [Op(Put("a"))], [Op(Put("a"))]));
            await c.Dump();
        }),
        new([83], "a put covered by a delete of the list is refused in any order", async c =>
        {
            await c.Txn("key first", Do(Op(Delete("a")), Op(Put("a"))));
            await c.Txn("key last", Do(Op(Put("a")), Op(Delete("a"))));
            await c.Txn("range first", Do(Op(Delete("a", "c")), Op(Put("b"))));
            await c.Txn("range last", Do(Op(Put("b")), Op(Delete("a", "c"))));
            await c.Txn("beside the range", Do(Op(Put("c")), Op(Delete("a", "c"))));
            await c.Txn("nested delete", Do(Op(Put("b")), Op(Do(Op(Delete("a", "c"))))));
            await c.Txn("nested delete elsewhere", Do(Op(Put("b")), Op(Txn(null, [], [Op(Delete("a", "c"))]))));
            await c.Txn("empty delete range", Do(Op(Put("b")), Op(Delete("c", "a"))));
        }),
        new([84], "a nested put clashes with the enclosing list and with siblings", async c =>
        {
            await c.Txn("enclosing put", Do(Op(Put("a")), Op(Do(Op(Put("a"))))));
            await c.Txn("enclosing delete", Do(Op(Delete("a")), Op(Do(Op(Put("a"))))));
            await c.Txn("siblings", Do(Op(Do(Op(Put("a")))), Op(Do(Op(Put("a"))))));
            await c.Txn("sibling delete", Do(Op(Do(Op(Put("a")))), Op(Do(Op(Delete("a", "b"))))));
            await c.Txn("siblings in other branches", Do(Op(Txn(null, [Op(Put("a"))])), Op(Txn(null, null, [Op(Put("a"))]))));
            await c.Dump();
        }),
        new([85], "the branches of one nested transaction may share keys", async c =>
        {
            await c.Txn("shared", Do(Op(Txn(null, [Op(Put("a", "s"))], [Op(Put("a", "f"))]))));
            await c.Txn("shared and outer", Do(Op(Put("a")), Op(Txn(null, [Op(Put("b", "s"))], [Op(Put("b", "f"))]))));
            await c.Dump();
        }),
        new([86], "deletes overlap deletes and ranges overlap anything", async c =>
        {
            await c.Seed("a", "b", "c");
            await c.Txn("overlaps", Do(Op(Delete("a")), Op(Delete("a", "c")), Op(Delete("b", "z")), Op(Range("a", "z")), Op(Do(Op(Delete("a", OpenEnd))))));
            await c.Txn("range and put", Do(Op(Range("a", "z")), Op(Put("a")), Op(Range("a"))));
        }),
        new([87], "an open-ended delete escapes the check and makes two events of one key", async c =>
        {
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", "z"));
            await c.Next("created", watch);
            await c.Txn("put, delete all", Do(Op(Put("b")), Op(Delete("a", OpenEnd))));
            await c.Dump("deleted");
            await c.Txn("delete all, put", Do(Op(Delete("a", OpenEnd)), Op(Put("b", "again"))));
            await c.Dump("put");
            await c.Txn("delete, put over an old key", Do(Op(Delete("a", OpenEnd)), Op(Put("b", "third"))));
            await c.Dump("new life");
            await c.Events("event", watch, 5);
            await using var replay = c.Watch();
            await replay.CreateAsync(WatchKey("a", "z", c.Rev(1)));
            await c.Next("replay created", replay);
            await c.Events("replayed", replay, 5);
        }),
        new([57, 87], "a put that relies on a key which an open-ended delete of its transaction removed does no harm", async c =>
        {
            // etcd panics on this, at every restart anew; whatever the answer is here, the server must go on and not half-apply.
            foreach (var put in new PutRequest[] { new() { Key = Utf8("b"), IgnoreLease = true }, new() { Key = Utf8("b"), IgnoreValue = true } })
            {
                var before = await c.Target.Kv.PutAsync(Put("b"), deadline: CaseRun.Deadline());
                await c.Txn("txn", Do(Op(Delete("a", OpenEnd)), Op(put)));
                var store = await c.Range("after", All());
                Assert.NotNull(store);
                var failed = c.Lines[^2].Text.StartsWith("error", StringComparison.Ordinal);
                Assert.True(store.Kvs.Count == 1, $"half applied: {c.Lines[^2].Text} then {c.Lines[^1].Text}");
                Assert.Equal(before.Header.Revision + (failed ? 0 : 1), store.Kvs[0].ModRevision);
            }
        })
        { KreweOnly = true },
    ];

    private static IEnumerable<RequestOp> Puts(int count) => Enumerable.Range(0, count).Select(i => Op(Put($"k{i:d4}")));

    private static IEnumerable<Compare> Compares(int count) => Enumerable.Range(0, count).Select(i => VersionIs($"k{i}", 0));
}
