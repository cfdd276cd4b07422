using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Transactions;

/// <summary>Section 5: branches, answers and visibility inside a transaction.</summary>
internal static class TxnCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([67], "compares are a conjunction and an empty list is true", async c =>
        {
            await c.Seed("a");
            await c.Txn("empty", Txn(null, [Op(Put("s"))], [Op(Put("f"))]));
            await c.Txn("both true", Txn([VersionIs("a", 1), ValueIs("a", "v")], [Op(Range("a"))], [Op(Put("f"))]));
            await c.Txn("one false", Txn([VersionIs("a", 1), ValueIs("a", "w")], [Op(Put("x"))], [Op(Range("a"))]));
            await c.Dump();
        }),
        new([68, 69, 70, 71], "answers follow the ops and inner headers carry the revision alone", async c =>
        {
            await c.Seed("a", "b");
            await c.Txn("all kinds", Do(
                Op(Range("a")), Op(Put("c")), Op(Delete("b")), Op(Do(Op(Put("d")), Op(Range("c")))), Op(Range("a", "z")), Op(Txn([VersionIs("no", 1)]))));
            await c.Txn("read only", Do(Op(Range("a")), Op(Range("x"))));
            await c.Txn("nested read only", Do(Op(Do(Op(Range("a"))))));
            await c.Txn("prev kvs", Do(Op(new PutRequest { Key = Utf8("a"), PrevKv = true }), Op(new DeleteRangeRequest { Key = Utf8("c"), PrevKv = true })));
        }),
        new([72], "all changes share one revision", async c =>
        {
            await c.Seed("x");
            await c.Txn("many", Do(Op(Put("a")), Op(Delete("x")), Op(Do(Op(Put("b")), Op(Do(Op(Put("c"))))))));
            await c.Dump();
        }),
        new([73, 74], "ranges and deletes see earlier ops of the transaction", async c =>
        {
            await c.Seed("a");
            await c.Txn("range after put", Do(Op(Range("b")), Op(Put("b", "new")), Op(Range("b")), Op(Range("a", "z"))));
            await c.Txn("delete twice", Do(Op(Delete("a")), Op(Delete("a")), Op(Range("a", "z"))));
            await c.Txn("delete and nested range", Do(Op(Delete("b")), Op(Do(Op(Range("b")), Op(Range("a", "z"))))));
        }),
        new([75], "compares of nested transactions see the state before the transaction", async c =>
        {
            await c.Txn("nested", Do(Op(Put("a")), Op(Txn([VersionIs("a", 1)], [Op(Put("yes"))], [Op(Put("no"))]))));
            await c.Txn("nested deep", Do(Op(Delete("a")), Op(Do(Op(Txn([VersionIs("a", 1)], [Op(Put("yes2"))], [Op(Put("no2"))]))))));
            await c.Dump();
        }),
        new([76], "range revisions are checked before anything runs", async c =>
        {
            await c.Seed("a", "a");
            await c.Compact("compact", c.Rev(2));
            await c.Txn("future", Do(Op(Put("x")), Op(At("a", c.Rev(3)))));
            await c.Txn("compacted", Do(Op(Put("x")), Op(At("a", c.Rev(1)))));
            await c.Txn("nested future", Do(Op(Put("x")), Op(Do(Op(At("a", c.Rev(3)))))));
            await c.Txn("readable", Do(Op(At("a", c.Rev(2)))));
            await c.Txn("readable with a put", Do(Op(Put("a", "w")), Op(At("a", c.Rev(2)))));
            await c.Dump();
        }),
        new([77], "a negative range revision is compacted inside a transaction", async c =>
        {
            await c.Seed("a");
            await c.Txn("-1 before the first compaction", Do(Op(At("a", -1))));
            await c.Txn("-1 before the first compaction with a put", Do(Op(Put("b")), Op(At("a", -1))));
            await c.Txn("-2 before the first compaction", Do(Op(At("a", -2))));
            await c.Compact("compact", c.Rev(1));
            await c.Txn("read only", Do(Op(At("a", -1))));
            await c.Txn("with a put", Do(Op(Put("b")), Op(At("a", -1))));
            await c.Dump();
        })
        { Fresh = true },
        new([78], "existence checks concern the executed branch alone", async c =>
        {
            await c.Txn("missing lease elsewhere", Txn(null, [Op(Put("a"))], [Op(Put("b", "v", 999))]));
            await c.Txn("missing lease here", Txn(null, [Op(Put("c")), Op(Put("b", "v", 999))]));
            await c.Txn("ignore value elsewhere", Txn(null, [Op(Put("d"))], [Op(new PutRequest { Key = Utf8("no"), IgnoreValue = true })]));
            await c.Txn("ignore value here", Txn(null, [Op(Put("e")), Op(new PutRequest { Key = Utf8("no"), IgnoreValue = true })]));
            await c.Txn("ignore lease here", Txn(null, [Op(Put("e")), Op(new PutRequest { Key = Utf8("no"), IgnoreLease = true })]));
            await c.Txn("future revision elsewhere", Txn(null, [Op(Put("f"))], [Op(At("a", c.Rev(99)))]));
            await c.Txn("nested missing lease", Do(Op(Put("g")), Op(Do(Op(Put("h", "v", 999))))));
            await c.Txn("nested missing lease elsewhere", Do(Op(Put("i")), Op(Txn(null, [], [Op(Put("h", "v", 999))]))));
            await c.Txn("ignore value of a key put before", Do(Op(Put("j", "1")), Op(Do(Op(Put("k"))))));
            await c.Dump();
        }),
        new([78, 56], "ignore_* existence is judged by the state before the transaction", async c =>
        {
            await c.Seed("a");
            await c.Txn("deleted just before", Do(Op(Delete("b")), Op(Txn(null, [Op(new PutRequest { Key = Utf8("a"), IgnoreValue = true })]))));
            await c.Dump();
        }),
        new([79], "form checks concern both branches and all levels", async c =>
        {
            await c.Seed("a");
            await c.Txn("empty key elsewhere", Txn(null, [Op(Put("x"))], [Op(Put(""))]));
            await c.Txn("empty range key elsewhere", Txn(null, [Op(Put("x"))], [Op(Range(""))]));
            await c.Txn("empty delete key elsewhere", Txn(null, [Op(Put("x"))], [Op(Delete(""))]));
            await c.Txn("empty compare key", Txn([VersionIs("", 0)], [Op(Put("x"))]));
            await c.Txn("value provided elsewhere", Txn(null, [], [Op(new PutRequest { Key = Utf8("a"), Value = Utf8("v"), IgnoreValue = true })]));
            await c.Txn("lease provided elsewhere", Txn(null, [], [Op(new PutRequest { Key = Utf8("a"), Lease = 1, IgnoreLease = true })]));
            await c.Txn("nested elsewhere", Txn(null, [], [Op(Txn(null, [], [Op(Put(""))]))]));
            await c.Txn("duplicate elsewhere", Txn(null, [], [Op(Put("d")), Op(Put("d"))]));
            await c.Dump();
        }),
        new([92, 93, 94], "read-only, serializable and compare-only transactions answer alike", async c =>
        {
            await c.Seed("a");
            var serializable = Range("a");
            serializable.Serializable = true;
            await c.Txn("serializable", Do(Op(serializable)));
            await c.Txn("mixed", Do(Op(serializable), Op(Range("a"))));
            await c.Txn("compare only", Txn([VersionIs("a", 1)]));
            await c.Txn("compare only, false", Txn([VersionIs("a", 2)]));
            await c.Txn("nothing", Do());
            await c.Txn("nested read", Do(Op(Do(Op(Range("a"))))));
        }),
        new([95], "watchers and readers see a transaction whole", async c =>
        {
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", "z"));
            await c.Next("created", watch);
            await c.Txn("txn", Do(Op(Put("c")), Op(Put("a")), Op(Put("b"))));
            await c.Txn("second", Do(Op(Delete("a", "c")), Op(Put("d"))));
            await c.Next("first", watch);
            await c.Next("second", watch);
        }),
    ];

    private static RangeRequest At(string key, long revision)
    {
        var range = Range(key);
        range.Revision = revision;
        return range;
    }
}
