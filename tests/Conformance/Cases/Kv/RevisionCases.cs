using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Kv;

/// <summary>Section 1: revisions and key metadata.</summary>
internal static class RevisionCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([1], "an empty store has revision 1 and the first change gets 2", async c =>
        {
            c.Record("first revision", c.Base.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var put = await c.Put("first put", Put("a"));
            c.Record("absolute", $"{put?.Header.Revision}");
        })
        { Fresh = true },
        new([2, 3, 4], "each change advances the revision by one and nothing else does", async c =>
        {
            await c.Put("put", Put("a"));
            await c.Delete("delete one", Delete("a"));
            await c.Delete("delete none", Delete("a"));
            await c.Txn("txn with two puts", Do(Op(Put("a")), Op(Put("b"))));
            await c.Txn("txn that reads", Do(Op(Range("a"))));
            await c.Txn("txn that deletes nothing", Do(Op(Delete("x")), Op(Delete("y", "z"))));
            await c.Txn("txn with no op", Do());
            await c.Txn("txn that deletes", Do(Op(Delete("a")), Op(Delete("x"))));
            await c.Put("put again", Put("c"));
        }),
        new([5, 7, 8], "an identical put still advances revision and version", async c =>
        {
            await c.Put("create", Put("a", "same"));
            await c.Dump("created");
            await c.Put("overwrite", Put("a", "same"));
            await c.Put("overwrite again", Put("a", "other"));
            await c.Dump("overwritten");
        }),
        new([6, 61], "a range delete uses one revision for all keys", async c =>
        {
            await c.Seed("a", "b", "c", "d");
            await c.Delete("delete range", Delete("a", "d"));
            await c.Dump();
            await c.Put("next", Put("e"));
        }),
        new([9], "delete and put starts a new life", async c =>
        {
            await c.Seed("a", "a", "a");
            await c.Dump("old life");
            await c.Delete("delete", Delete("a"));
            await c.Put("new life", Put("a", "again"));
            await c.Dump("reborn");
        }),
        new([10], "lease, membership and maintenance calls leave the revision alone", async c =>
        {
            await c.Put("put", Put("a"));
            await c.Grant("grant", 77, 60);
            await c.Do("time to live", c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 77 }, deadline: CaseRun.Deadline()));
            await c.Revoke("revoke", 77);
            await c.Do("members", c.Target.Cluster.MemberListAsync(new() { Linearizable = true }, deadline: CaseRun.Deadline()));
            await c.Do("defragment", c.Target.Maintenance.DefragmentAsync(new(), deadline: CaseRun.Deadline()));
            await c.Range("revision after", Range("a"));
        }),
        new([11, 38], "a past read carries the present revision in its header", async c =>
        {
            await c.Seed("a", "b");
            await c.Put("change", Put("a", "new"));
            var past = Range("a", "z");
            past.Revision = c.Rev(2);
            await c.Range("at +2", past);
            past.Revision = c.Rev(1);
            await c.Range("at +1", past);
            past.Revision = c.Rev(0);
            await c.Range("at +0", past);
        }),
        new([12], "the header names cluster, member and term on every kind of answer", async c =>
        {
            await c.Put("put", Put("a"));
            await c.Range("range", Range("a"));
            await c.Delete("delete", Delete("a"));
            await c.Txn("txn", Do());
            await c.Grant("grant", 5, 60);
            // A server that counts milliseconds may answer within the first one (B181 has its own case).
            await CaseRun.Until(
                "the lease's first millisecond is over",
                async () => (await c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 5 }, deadline: CaseRun.Deadline())) is { } left && left.TTL < left.GrantedTTL);
            await c.Do("ttl", c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 5 }, deadline: CaseRun.Deadline()));
            await c.Do("leases", c.Target.Lease.LeaseLeasesAsync(new(), deadline: CaseRun.Deadline()));
            var alive = c.KeepAlive();
            await alive.SendAsync(5);
            c.Record("keepalive", (await alive.NextAsync())!);
            await c.Revoke("revoke", 5);
            await c.Do("hash", c.Target.Maintenance.HashAsync(new(), deadline: CaseRun.Deadline()));
            var status = await c.Target.Maintenance.StatusAsync(new(), deadline: CaseRun.Deadline());
            c.Record("status header", status.Header);
            var list = await c.Target.Cluster.MemberListAsync(new(), deadline: CaseRun.Deadline());
            c.Record("same member everywhere", $"{status.Header.MemberId == list.Header.MemberId} {list.Members[0].ID == list.Header.MemberId}");
            await c.Compact("compact", c.Rev(1));
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("watch", watch);
        }),
        new([13], "keys and values are any bytes and values may be empty", async c =>
        {
            await c.Put("empty value", Put("a", ""));
            await c.Put("binary", new() { Key = Raw(0, 0xff, 0x80), Value = Raw(0xff, 0, 0xfe) });
            await c.Put("zero byte key", new() { Key = Raw(0), Value = Utf8("zero") });
            await c.Put("long key", new() { Key = Utf8(new string('k', 5000)), Value = Utf8("long") });
            await c.Range("empty value", Range("a"));
            await c.Dump();
            await c.Txn("an empty value equals empty", Txn([ValueIs("a", "")], [Op(Range("a"))]));
        }),
        new([14, 104, 185], "revision, compaction and leases survive a kill", async c =>
        {
            await c.Seed("a", "b", "a", "c");
            await c.Grant("grant", 9, 600);
            await c.Put("leased", Put("l", "x", 9));
            await c.Delete("delete", Delete("b"));
            await c.Compact("compact", c.Rev(3));
            await c.Server.KillAsync();
            await c.Server.RestartAsync();
            await c.Dump("after restart");
            var past = All();
            past.Revision = c.Rev(2);
            await c.Range("below the compaction", past);
            past.Revision = c.Rev(3);
            await c.Range("at the compaction", past);
            await c.Do("leases", c.Target.Lease.LeaseLeasesAsync(new(), deadline: CaseRun.Deadline()));
            await c.Put("next revision", Put("d"));
            await c.Revoke("revoke", 9);
            await c.Dump("after revoke");
        })
        { Fresh = true },
    ];
}
