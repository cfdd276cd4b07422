using System.Text.Json;
using Grpc.Core;
using Krewe.Api.Protos.Lock;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;
using LockClient = Krewe.Api.Protos.Lock.Lock.LockClient;

namespace Krewe.Conformance.Cases.Concurrency;

/// <summary>Section 12: the Lock service.</summary>
internal static class LockCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new([290, 293], "a lock is a key of the name and the lease, and locking again answers at once", async c =>
        {
            await c.Grant("lease", 0x1ab, 60);
            await Lock(c, "lock", "mine", 0x1ab);
            await c.Dump();
            await Lock(c, "again", "mine", 0x1ab);
            await Lock(c, "empty name", "", 0x1ab);
            await Lock(c, "name with slash", "a/b", 0x1ab);
            await c.Dump();
        }),
        new([290], "a negative lease id is written with its sign", async c =>
        {
            await c.Grant("lease", -10, 60);
            await Lock(c, "lock", "mine", -10);
            await c.Dump();
        }),
        new([291], "waiters get the lock in order of their keys", async c =>
        {
            await Leases(c, 1, 2, 3);
            await Lock(c, "first", "mine", 1);
            var second = Lock(c, "mine", 2);
            await WaitsAsync(c, "mine/2");
            var third = Lock(c, "mine", 3);
            await WaitsAsync(c, "mine/3");
            await Unlock(c, "unlock first", "mine/1");
            await c.Do("second", second);
            c.Record("third waits", $"{!third.ResponseAsync.IsCompleted}");
            await Unlock(c, "unlock second", "mine/2");
            await c.Do("third", third);
            await c.Dump();
        }),
        new([291], "a lease that ends passes the lock on", async c =>
        {
            await Leases(c, 1, 2);
            await Lock(c, "first", "mine", 1);
            var second = Lock(c, "mine", 2);
            await WaitsAsync(c, "mine/2");
            await c.Revoke("revoke", 1);
            await c.Do("second", second);
        }),
        new([292], "without a lease the server grants one of 60 seconds", async c =>
        {
            var held = await Client(c).LockAsync(new LockRequest { Name = Utf8("mine") }, deadline: CaseRun.Deadline());
            var kv = (await c.Target.Kv.RangeAsync(new() { Key = held.Key }, deadline: CaseRun.Deadline())).Kvs[0];
            c.Record("key tells the lease", $"{held.Key.ToStringUtf8() == $"mine/{kv.Lease:x}"} {kv.Lease != 0}");
            var lease = await c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = kv.Lease, Keys = true }, deadline: CaseRun.Deadline());
            c.Record("lease", $"{lease.GrantedTTL} keys {lease.Keys.Count}");
        }),
        new([294], "a cancelled wait removes its key", async c =>
        {
            await Leases(c, 1, 2);
            await Lock(c, "first", "mine", 1);
            using (var second = Lock(c, "mine", 2))
            {
                await WaitsAsync(c, "mine/2");
            }

            await CaseRun.Until("the key is gone", async () => await CountAsync(c, "mine/2") == 0);
            await c.Dump();
        }),
        new([294], "a wait past its deadline removes its key", async c =>
        {
            await Leases(c, 1, 2);
            await Lock(c, "first", "mine", 1);
            var second = Client(c).LockAsync(Request("mine", 2), deadline: DateTime.UtcNow.AddSeconds(1));
            c.Record("second", $"{(await Assert.ThrowsAsync<RpcException>(async () => await second)).StatusCode}");
            await CaseRun.Until("the key is gone", async () => await CountAsync(c, "mine/2") == 0);
        }),
        new([295], "a waiter whose own key is gone fails", async c =>
        {
            await Leases(c, 1, 2);
            await Lock(c, "first", "mine", 1);
            var second = Lock(c, "mine", 2);
            await WaitsAsync(c, "mine/2");
            await c.Delete("delete the waiter", Delete("mine/2"));
            await Unlock(c, "unlock first", "mine/1");
            await c.Do("second", second);
        }),
        new([296], "unlocking deletes any key and an absent one", async c =>
        {
            await c.Seed("plain");
            await Unlock(c, "plain", "plain");
            await Unlock(c, "absent", "absent");
            await c.Dump();
        }),
        new([297], "errors arrive as Unknown with their text", async c =>
        {
            await Lock(c, "unknown lease", "mine", 999);
            await Unlock(c, "empty key", "");
            await Lock(c, "too large", new string('x', 800_000), 1);
            await c.Dump();
        }),
        new([290, 296], "the JSON gateway locks and unlocks", async c =>
        {
            await c.Grant("lease", 7, 60);
            foreach (var (path, body) in new[]
            {
                ("/v3/lock/lock", """{"name":"bWluZQ==","lease":"7"}"""),
                ("/v3/lock/unlock", """{"key":"bWluZS83"}"""),
                ("/v3/lock/unlock", "{}"),
            })
            {
                using var content = new StringContent(body);
                using var answer = await c.Target.Http.PostAsync(path, content);
                using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                var fields = json.RootElement.EnumerateObject().Where(f => f.Name != "header").Select(f => $"{f.Name}={f.Value}");
                c.Record(path, $"{(int)answer.StatusCode} {string.Join(' ', fields)}");
            }

            await c.Dump();
        }),
    ];

    private static LockClient Client(CaseRun c) => new(c.Target.Channel);

    private static LockRequest Request(string name, long lease) => new() { Name = Utf8(name), Lease = lease };

    private static AsyncUnaryCall<LockResponse> Lock(CaseRun c, string name, long lease) =>
        Client(c).LockAsync(Request(name, lease), deadline: CaseRun.Deadline());

    private static Task<LockResponse?> Lock(CaseRun c, string label, string name, long lease) => c.Do(label, Lock(c, name, lease));

    private static Task<UnlockResponse?> Unlock(CaseRun c, string label, string key) =>
        c.Do(label, Client(c).UnlockAsync(new UnlockRequest { Key = Utf8(key) }, deadline: CaseRun.Deadline()));

    private static async Task Leases(CaseRun c, params long[] ids)
    {
        foreach (var id in ids)
        {
            await c.Grant($"lease {id}", id, 60);
        }
    }

    private static async Task<int> CountAsync(CaseRun c, string key) =>
        (await c.Target.Kv.RangeAsync(Range(key), deadline: CaseRun.Deadline())).Kvs.Count;

    private static Task WaitsAsync(CaseRun c, string key) => CaseRun.Until($"{key} waits", async () => await CountAsync(c, key) == 1);
}
