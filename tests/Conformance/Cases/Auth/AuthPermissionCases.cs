using Grpc.Core;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Section 9, and what other sections say about auth: who may do what with keys, watches and leases.</summary>
internal static class AuthPermissionCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        Case([211, 212, 213, 214, 216], "reads, puts and deletes need what they touch", async (c, auth) =>
        {
            await auth.EnableAsync();
            await auth.Put("root writes all", Put("a", "1"), await auth.AsAsync("root"));
            var alice = await auth.AsAsync("alice");
            foreach (var (key, end) in new[]
            {
                ("a", ""), ("b", ""), ("c", ""), ("a", "c"), ("a", "b"), ("a", "c\0"), ("b", "d"), ("a", OpenEnd), ("\0", OpenEnd), ("0", "b"), ("bb", "b"), ("c", "a"),
            })
            {
                await auth.Range($"range {key}-{end}", Range(key, end), alice);
                await auth.Range($"serializable {key}-{end}", new RangeRequest { Key = Utf8(key), RangeEnd = Utf8(end), Serializable = true }, alice);
                await auth.Delete($"delete {key}-{end}", Delete(key, end), alice);
                await auth.Delete($"delete prev {key}-{end}", new DeleteRangeRequest { Key = Utf8(key), RangeEnd = Utf8(end), PrevKv = true }, alice);
            }

            foreach (var key in new[] { "a", "b", "c", "d" })
            {
                await auth.Put($"put {key}", Put(key), alice);
                await auth.Put($"put prev {key}", new PutRequest { Key = Utf8(key), PrevKv = true }, alice);
                await auth.Put($"ignore {key}", new PutRequest { Key = Utf8(key), IgnoreValue = true }, alice);
            }

            await auth.Range("bob", Range("a"), await auth.AsAsync("bob"));
            await auth.Range("refused before checked", Range(""), null);
            await auth.Range("denied before compacted", new RangeRequest { Key = Utf8("z"), Revision = 9999 }, alice);
            await auth.Put("denied before lease", Put("z", "v", 4711), alice);
        }),
        Case([213], "the union of all roles counts", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            foreach (var (role, key, end) in new[] { ("u1", "k", "m"), ("u2", "m", "p"), ("u3", "q", OpenEnd), ("u4", "o", "q") })
            {
                await auth.Client.RoleAddAsync(new() { Name = role }, root);
                await auth.GrantAsync(role, Permission.Types.Type.Readwrite, key, end, root);
                await auth.Client.UserGrantRoleAsync(new() { User = "bob", Role = role }, root);
                var bob = await auth.AsAsync("bob");
                foreach (var (from, to) in new[] { ("k", "p"), ("l", "n"), ("m", OpenEnd), ("k", OpenEnd), ("o", "z"), ("p", ""), ("q", "") })
                {
                    await auth.Range($"with {role} {from}-{to}", Range(from, to), bob);
                }
            }
        }),
        Case([215], "a transaction needs what any of its branches needs", async (c, auth) =>
        {
            await auth.EnableAsync();
            var alice = await auth.AsAsync("alice");
            var allowed = Op(Put("b"));
            await auth.Txn("empty", new TxnRequest(), alice);
            await auth.Txn("empty as nobody", new TxnRequest(), null);
            await auth.Txn("allowed", Do(allowed, Op(Range("a")), Op(Delete("c"))), alice);
            foreach (var (label, op) in new[] { ("range", Op(Range("c"))), ("put", Op(Put("a"))), ("delete", Op(Delete("a", "c"))), ("delete prev", Op(new DeleteRangeRequest { Key = Utf8("c"), PrevKv = true })) })
            {
                await auth.Txn($"{label} then", Do(op), alice);
                await auth.Txn($"{label} otherwise", Txn(otherwise: [op]), alice);
                await auth.Txn($"{label} as nobody", Do(op), null);
            }

            await auth.Txn("compare", Txn([VersionIs("c", 1)], [allowed]), alice);
            await auth.Txn("read only", Txn([VersionIs("a", 1)], [Op(Range("b"))], [Op(Range("a"))]), alice);
            await auth.Txn("read only denied", Txn([VersionIs("a", 1)], [Op(Range("b"))], [Op(Range("c"))]), alice);
        }),
        Case([215], "permissions inside transactions that older versions forgot", async (c, auth) =>
        {
            await auth.EnableAsync();
            var alice = await auth.AsAsync("alice");
            await Denied(c, "nested", () => c.Target.Kv.TxnAsync(Do(Op(Do(Op(Put("a"))))), alice));
            await Denied(c, "nested compare", () => c.Target.Kv.TxnAsync(Do(Op(Txn([VersionIs("c", 1)]))), alice));
            await Denied(c, "put prev", () => c.Target.Kv.TxnAsync(Do(Op(new PutRequest { Key = Utf8("c"), PrevKv = true })), alice));
        }) with { KreweOnly = true },
        Case([110, 225, 226, 229], "maintenance and membership are root's, questions anybody's with a name", async (c, auth) =>
        {
            await auth.EnableAsync();
            await c.Target.Kv.PutAsync(Put("a"), await auth.AsAsync("root"));
            foreach (var (who, headers) in new[] { ("nobody", null), ("bob", await auth.AsAsync("bob")) })
            {
                var expected = who == "nobody" ? "etcdserver: user name is empty" : "etcdserver: permission denied";
                await Fails(c, $"{who} compact", expected, () => c.Target.Kv.CompactAsync(new() { Revision = 2 }, headers));
                await Fails(c, $"{who} member add", expected, () => c.Target.Cluster.MemberAddAsync(new() { PeerURLs = { "http://127.0.0.1:1" } }, headers));
                await Fails(c, $"{who} member remove", expected, () => c.Target.Cluster.MemberRemoveAsync(new() { ID = 1 }, headers));
                await Fails(c, $"{who} member update", expected, () => c.Target.Cluster.MemberUpdateAsync(new() { ID = 1 }, headers));
                await Fails(c, $"{who} member promote", expected, () => c.Target.Cluster.MemberPromoteAsync(new() { ID = 1 }, headers));
                await Fails(c, $"{who} defragment", expected, () => c.Target.Maintenance.DefragmentAsync(new(), headers));
                await Fails(c, $"{who} hash", expected, () => c.Target.Maintenance.HashAsync(new(), headers));
                await Fails(c, $"{who} hashkv", expected, () => c.Target.Maintenance.HashKVAsync(new(), headers));
                await Fails(c, $"{who} move leader", expected, () => c.Target.Maintenance.MoveLeaderAsync(new(), headers));
                await Fails(c, $"{who} downgrade", expected, () => c.Target.Maintenance.DowngradeAsync(new(), headers));
                await Fails(c, $"{who} alarm", expected, () => c.Target.Maintenance.AlarmAsync(
                    new() { Action = AlarmRequest.Types.AlarmAction.Activate, Alarm = AlarmType.Nospace }, headers));
                using var snapshot = c.Target.Maintenance.Snapshot(new(), headers);
                var refusal = await Assert.ThrowsAsync<RpcException>(() => snapshot.ResponseStream.MoveNext(CancellationToken.None));
                Assert.Equal(expected, refusal.Status.Detail);
                var isKnown = who != "nobody";
                await Succeeds(c, $"{who} member list", isKnown, () => c.Target.Cluster.MemberListAsync(new(), headers));
                await Succeeds(c, $"{who} status", isKnown, () => c.Target.Maintenance.StatusAsync(new(), headers));
                await Succeeds(c, $"{who} alarms", isKnown, () => c.Target.Maintenance.AlarmAsync(new(), headers));
            }
        }) with { KreweOnly = true },
        Case([152, 153], "a watch needs to read all that it watches", async (c, auth) =>
        {
            await auth.EnableAsync();
            async Task Try(string label, string key, string end, Metadata? headers)
            {
                await using var watch = c.Watch(headers);
                await watch.CreateAsync(WatchKey(key, end));
                await c.Next(label, watch);
                await watch.CreateAsync(WatchKey("b"));
                await c.Next($"{label}, then b", watch);
            }

            var alice = await auth.AsAsync("alice");
            await Try("a", "a", "", alice);
            await Try("a-c", "a", "c", alice);
            await Try("c", "c", "", alice);
            await Try("a-d", "a", "d", alice);
            await Try("no key", "", "", alice);
            await Try("empty range", "b", "a", alice);
            await Try("root", "x", OpenEnd, await auth.AsAsync("root"));
            await Try("nobody", "a", "", null);
            await Try("bad token", "a", "", AuthScript.With("bad"));
        }),
        Case([154], "an open-ended watch needs an open-ended permission", async (c, auth) =>
        {
            await auth.EnableAsync();
            await using var watch = c.Watch(await auth.AsAsync("alice"));
            await watch.CreateAsync(WatchKey("a", OpenEnd));
            var answer = await watch.NextAsync();
            Assert.Equal("rpc error: code = PermissionDenied desc = etcdserver: permission denied", answer.CancelReason);
        }) with { KreweOnly = true },
        Case([155], "a watch whose permission goes is cancelled (etcd lets it run)", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            await using var watch = c.Watch(await auth.AsAsync("alice"));
            await watch.CreateAsync(new WatchCreateRequest { Key = Utf8("b"), WatchId = 7 });
            Assert.True((await watch.NextAsync()).Created);
            await c.Target.Kv.PutAsync(Put("b", "seen"), root);
            Assert.Equal("seen", (await watch.NextAsync()).Events.Single().Kv.Value.ToStringUtf8());
            await auth.Client.UserRevokeRoleAsync(new() { Name = "alice", Role = "r1" }, root);
            await c.Target.Kv.PutAsync(Put("b", "hidden"), root);
            var answer = await watch.NextAsync();
            Assert.Equal(
                (7, true, 0, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"),
                (answer.WatchId, answer.Canceled, answer.Events.Count, answer.CancelReason));
        }) with { KreweOnly = true },
        Case([186, 187, 188], "leases are guarded by the keys on them", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            var alice = await auth.AsAsync("alice");
            await Succeeds(c, "alice grant", true, () => c.Target.Lease.LeaseGrantAsync(new() { ID = 1, TTL = 600 }, alice));
            await Succeeds(c, "nobody grant", false, () => c.Target.Lease.LeaseGrantAsync(new() { ID = 2, TTL = 600 }));
            await auth.Put("alice attaches", Put("b", "v", 1), alice);
            await auth.Put("root attaches", Put("x", "v", 1), root);
            await auth.Put("alice attaches another", Put("c", "v", 1), alice);
            await Denied(c, "alice txn", () => c.Target.Kv.TxnAsync(Do(Op(Put("c", "v", 1))), alice));
            await Denied(c, "alice revoke", () => c.Target.Lease.LeaseRevokeAsync(new() { ID = 1 }, alice));
            await Denied(c, "alice ttl with keys", () => c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 1, Keys = true }, alice));
            await Succeeds(c, "alice ttl", true, () => c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 1 }, alice));
            await Succeeds(c, "nobody ttl", false, () => c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 1 }));
            await Denied(c, "alice list", () => c.Target.Lease.LeaseLeasesAsync(new(), alice));
            await Succeeds(c, "nobody list", false, () => c.Target.Lease.LeaseLeasesAsync(new()));
            using var alive = c.Target.Lease.LeaseKeepAlive(alice);
            await alive.RequestStream.WriteAsync(new() { ID = 1 });
            var refusal = await Assert.ThrowsAsync<RpcException>(() => alive.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
            await auth.Delete("root detaches", Delete("x"), root);
            await Succeeds(c, "alice revoke then", true, () => c.Target.Lease.LeaseRevokeAsync(new() { ID = 1 }, alice));
        }) with { KreweOnly = true },
        Case([189], "leases run out with auth on", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            await c.Target.Lease.LeaseGrantAsync(new() { ID = 1, TTL = 2 }, root);
            await auth.Put("attach", Put("x", "v", 1), root);
            await CaseRun.Until("the key expires", async () => (await c.Target.Kv.RangeAsync(Range("x"), root)).Kvs.Count == 0);
            await auth.Range("gone", Range("x"), root);
        }),
        Case([209, 235], "changes during requests end them, none hangs and none slips through", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            var seen = new HashSet<string>();
            using var stop = new CancellationTokenSource();
            var alice = await auth.AsAsync("alice");
            var working = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        await c.Target.Kv.PutAsync(Put("b"), alice, CaseRun.Deadline());
                        await c.Target.Kv.RangeAsync(Range("a"), alice, CaseRun.Deadline());
                    }
                    catch (RpcException e)
                    {
                        lock (seen)
                        {
                            seen.Add(e.Status.Detail);
                        }
                    }
                }
            })));
            for (var i = 0; i < 20; i++)
            {
                await auth.Client.UserRevokeRoleAsync(new() { Name = "alice", Role = "r1" }, root);
                await auth.Client.UserGrantRoleAsync(new() { User = "alice", Role = "r1" }, root);
            }

            await auth.Client.UserDeleteAsync(new() { Name = "alice" }, root);
            await auth.Put("after", Put("b"), alice);
            await stop.CancelAsync();
            await working;
            string[] allowed = ["etcdserver: permission denied", "etcdserver: revision of auth store is old", "etcdserver: invalid auth token"];
            Assert.Empty(seen.Except(allowed));
        }),
    ];

    private static ConformanceCase Case(int[] behaviours, string name, Func<CaseRun, AuthScript, Task> script) =>
        new(behaviours, name, c => script(c, new AuthScript(c))) { Fresh = true, Flags = AuthScript.Flags };

    private static Task Denied<T>(CaseRun c, string label, Func<AsyncUnaryCall<T>> call) => Fails(c, label, "etcdserver: permission denied", call);

    private static async Task Fails<T>(CaseRun c, string label, string expected, Func<AsyncUnaryCall<T>> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.True(refusal.Status.Detail == expected, $"{label}: {refusal.Status}");
        c.Record(label, expected);
    }

    private static async Task Succeeds<T>(CaseRun c, string label, bool isKnown, Func<AsyncUnaryCall<T>> call)
    {
        if (isKnown)
        {
            await call();
        }
        else
        {
            await Fails(c, label, "etcdserver: user name is empty", call);
        }
    }
}
