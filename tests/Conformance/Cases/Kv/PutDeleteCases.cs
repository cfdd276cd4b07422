using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Kv;

/// <summary>Section 4: Put and DeleteRange.</summary>
internal static class PutDeleteCases
{
    private const int MaxRequestBytes = 1_572_864;

    public static IEnumerable<ConformanceCase> All =>
    [
        new([55], "prev_kv of a put is the kv before, absent on creation", async c =>
        {
            await c.Grant("grant", 8, 600);
            await c.Put("create", With(Put("a", "1", 8), p => p.PrevKv = true));
            await c.Put("overwrite", With(Put("a", "2"), p => p.PrevKv = true));
            await c.Put("empty value", With(Put("a", ""), p => p.PrevKv = true));
            await c.Put("after empty", With(Put("a", "3"), p => p.PrevKv = true));
            await c.Delete("delete", Delete("a"));
            await c.Put("after delete", With(Put("a", "4"), p => p.PrevKv = true));
        }),
        new([56], "ignore_value keeps the value and needs the key", async c =>
        {
            await c.Put("absent", With(Put("a", ""), p => p.IgnoreValue = true));
            await c.Put("create", Put("a", "kept"));
            await c.Put("with a value", With(Put("a", "x"), p => p.IgnoreValue = true));
            await c.Put("kept", With(Put("a", ""), p => (p.IgnoreValue, p.PrevKv) = (true, true)));
            await c.Dump();
        }),
        new([57], "ignore_lease keeps the lease and needs the key", async c =>
        {
            await c.Grant("grant", 8, 600);
            await c.Put("absent", With(Put("a"), p => p.IgnoreLease = true));
            await c.Put("create", Put("a", "1", 8));
            await c.Put("with a lease", With(Put("a", "2", 8), p => p.IgnoreLease = true));
            await c.Put("with an unknown lease", With(Put("a", "2", 99), p => p.IgnoreLease = true));
            await c.Put("kept", With(Put("a", "2"), p => p.IgnoreLease = true));
            await c.Put("both", With(Put("a", ""), p => (p.IgnoreLease, p.IgnoreValue) = (true, true)));
            await c.Dump();
            await c.Revoke("revoke", 8);
            await c.Dump("revoked");
        }),
        new([58, 169], "a put replaces the lease and lease 0 detaches", async c =>
        {
            await c.Grant("one", 1, 600);
            await c.Grant("two", 2, 600);
            await c.Put("attach", Put("a", "v", 1));
            await c.Put("switch", Put("a", "v", 2));
            await c.Put("attach b", Put("b", "v", 1));
            await c.Put("detach b", Put("b"));
            await c.Do("keys of 1", c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 1, Keys = true }, deadline: CaseRun.Deadline()));
            await c.Revoke("revoke 1", 1);
            await c.Dump("both stay");
            await c.Revoke("revoke 2", 2);
            await c.Dump("a goes");
        })
        { Deviations = [] },
        new([59], "ignore_value alone does not keep the lease", async c =>
        {
            await c.Grant("grant", 8, 600);
            await c.Put("create", Put("a", "1", 8));
            await c.Put("ignore value", With(Put("a", ""), p => p.IgnoreValue = true));
            await c.Dump();
            await c.Put("ignore value, attach", With(Put("a", "", 8), p => p.IgnoreValue = true));
            await c.Dump("attached");
        }),
        new([60], "an unknown lease is refused and changes nothing", async c =>
        {
            await c.Put("unknown", Put("a", "v", 12345));
            await c.Put("negative", Put("a", "v", -5));
            await c.Dump();
        }),
        new([61, 18], "delete uses the interval rules and counts", async c =>
        {
            await c.Seed("a", "b", "c", "d", "e");
            await c.Delete("one", Delete("a"));
            await c.Delete("interval", Delete("b", "d"));
            await c.Delete("absent", Delete("b", "d"));
            await c.Delete("open", Delete("d", OpenEnd));
            await c.Dump();
        }),
        new([62], "prev_kv of a delete gives all kvs in key order", async c =>
        {
            await c.Seed("c", "a", "b", "a");
            await c.Delete("delete", With(Delete("a", "z"), d => d.PrevKv = true));
            await c.Delete("nothing", With(Delete("a", "z"), d => d.PrevKv = true));
        }),
        new([63], "deleting a key leaves its lease", async c =>
        {
            await c.Grant("grant", 8, 600);
            await c.Put("attach", Put("a", "v", 8));
            await c.Delete("delete", Delete("a"));
            var ttl = await c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 8, Keys = true }, deadline: CaseRun.Deadline());
            c.Record("lease", $"granted {ttl.GrantedTTL} keys {ttl.Keys.Count} alive {ttl.TTL > 0}");
            await c.Put("without lease", Put("a"));
            await c.Revoke("revoke", 8);
            await c.Dump();
        }),
        new([64], "the request size limit is on the encoded request", async c =>
        {
            foreach (var spare in new[] { 600, 100, 40, 30, 25, 20, 0, -10 })
            {
                await PutSized(c, $"spare {spare}", MaxRequestBytes - spare);
            }

            await c.Txn("txn too large", Do(Op(Sized(900_000, "a")), Op(Sized(900_000, "b"))));
            await c.Txn("txn that fits", Do(Op(Sized(700_000, "a")), Op(Sized(700_000, "b"))));
            await c.Range("store", new() { Key = Raw(0), RangeEnd = Raw(0), KeysOnly = true });
        }),
        new([65], "gRPC refuses larger messages with its own text", async c =>
        {
            await PutSized(c, "over", MaxRequestBytes + (512 * 1024));
            await PutSized(c, "far over", 5_000_000);
            await PutSized(c, "just under", MaxRequestBytes + (512 * 1024) - 20);
            await c.Range("still serving", Range("big"));
        }),
        new([66], "answers have no practical size limit", async c =>
        {
            for (var i = 0; i < 8; i++)
            {
                await PutSized(c, $"put {i}", 1_500_000, $"big{i}");
            }

            await c.Range("12 MB", Range("big", "bih"));
        }),
    ];

    private static Task PutSized(CaseRun c, string label, int valueBytes, string key = "big") => c.Put(label, Sized(valueBytes, key));

    private static PutRequest Sized(int valueBytes, string key) =>
        new() { Key = Utf8(key), Value = ByteString.CopyFrom(new byte[valueBytes]) };

    private static T With<T>(T request, Action<T> change)
    {
        change(request);
        return request;
    }
}
