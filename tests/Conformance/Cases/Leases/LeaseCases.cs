using System.Diagnostics;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Leases;

/// <summary>Section 8: leases.</summary>
internal static class LeaseCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([158], "id 0 lets the server choose a positive one and others are used as given", async c =>
        {
            foreach (var id in new long[] { 1, -7, long.MaxValue, long.MinValue })
            {
                await c.Grant($"grant {id}", id, 60);
            }

            var chosen = await c.Target.Lease.LeaseGrantAsync(new() { TTL = 60 }, deadline: CaseRun.Deadline());
            c.Canon.NameLease(chosen.ID, "chosen");
            c.Record("chosen", chosen);
            c.Record("positive", $"{chosen.ID > 0}");
            await c.Put("usable", Put("a", "v", -7));
            await c.Dump();
            await c.Revoke("revoke chosen", chosen.ID);
        }),
        new([159], "an id in use is refused", async c =>
        {
            await c.Grant("first", 5, 60);
            await c.Grant("again", 5, 90);
            await c.Revoke("revoke", 5);
            await c.Grant("after revoke", 5, 90);
        }),
        new([160, 161, 162, 163], "the TTL has a minimum and a maximum", async c =>
        {
            var id = 100;
            foreach (var ttl in new long[] { -1, 0, 1, 2, 3, 9_000_000_000, 9_000_000_001, long.MaxValue })
            {
                await c.Grant($"ttl {ttl}", id++, ttl);
            }
        }),
        new([164, 166, 157], "a lease lives its TTL at least and its keys vanish shortly after", async c =>
        {
            await c.Grant("grant", 5, 2);
            var clock = Stopwatch.StartNew();
            await c.Put("b", Put("b", "v", 5));
            await c.Put("a", Put("a", "v", 5));
            await c.Grant("empty", 6, 2);
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", "z"));
            await c.Next("created", watch);
            await c.Next("expired", watch);
            c.Record("not early", $"{clock.Elapsed >= TimeSpan.FromSeconds(1.9)}");
            c.Record("not late", $"{clock.Elapsed <= TimeSpan.FromSeconds(6)}");
            await CaseRun.Until("the empty lease expires", async () =>
                (await c.Target.Lease.LeaseLeasesAsync(new(), deadline: CaseRun.Deadline())).Leases.Count == 0);
            await c.Dump("revision after");
        }),
        new([165], "revoke removes all keys in one revision", async c =>
        {
            await c.Grant("grant", 5, 600);
            foreach (var key in new[] { "z", "m", "a" })
            {
                await c.Put(key, Put(key, "v", 5));
            }

            await c.Seed("other");
            await c.Revoke("revoke", 5);
            await c.Dump();
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a", OpenEnd, c.Rev(5)));
            await c.Next("created", watch);
            await c.Next("events", watch);
        }),
        new([166, 167], "revoking without keys costs no revision and an unknown lease is an error", async c =>
        {
            await c.Grant("grant", 5, 600);
            await c.Revoke("revoke", 5);
            await c.Revoke("again", 5);
            await c.Revoke("zero", 0);
            await c.Revoke("unknown", 424242);
        }),
        new([168], "not more than 1000 leases expire in a second", async c =>
        {
            const int Leases = 1800;
            await Task.WhenAll(Enumerable.Range(1, Leases).Select(i =>
                c.Target.Lease.LeaseGrantAsync(new() { ID = i, TTL = 2 }, deadline: CaseRun.Deadline()).ResponseAsync));
            async Task<int> Left() => (await c.Target.Lease.LeaseLeasesAsync(new(), deadline: CaseRun.Deadline())).Leases.Count;
            await CaseRun.Until("the first expire", async () => await Left() < Leases);
            var clock = Stopwatch.StartNew();
            await CaseRun.Until("all expire", async () => await Left() == 0);
            c.Record("takes a second at least", $"{clock.ElapsedMilliseconds >= 900}");
        }),
        new([170, 173, 177], "a keepalive answers in order with the full TTL and no revision", async c =>
        {
            await c.Grant("one", 1, 60);
            await c.Grant("two", 2, 90);
            var alive = c.KeepAlive();
            foreach (var id in new long[] { 1, 2, 1, 1, 2 })
            {
                await alive.SendAsync(id);
            }

            for (var i = 0; i < 5; i++)
            {
                c.Record($"answer {i}", (await alive.NextAsync())!);
            }

            await c.Range("revision", Range("a"));
        }),
        new([171], "an unknown lease answers TTL 0 and the stream stays", async c =>
        {
            await c.Grant("grant", 1, 60);
            var alive = c.KeepAlive();
            foreach (var id in new long[] { 99, 0, 1, -5 })
            {
                await alive.SendAsync(id);
                c.Record($"answer {id}", (await alive.NextAsync())!);
            }

            await c.Revoke("revoke", 1);
            await alive.SendAsync(1);
            c.Record("after revoke", (await alive.NextAsync())!);
        }),
        new([164, 170], "keepalives keep a short lease alive beyond its TTL", async c =>
        {
            await c.Grant("grant", 1, 2);
            await c.Put("put", Put("a", "v", 1));
            var alive = c.KeepAlive();
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < TimeSpan.FromSeconds(4))
            {
                await alive.SendAsync(1);
                var answer = await alive.NextAsync();
                Assert.Equal(2, answer!.TTL);
                await Task.Delay(400);
            }

            await c.Dump("still there");
        }),
        new([172], "a keepalive after the TTL waits for the revocation and answers 0", async c =>
        {
            await c.Grant("grant", 1, 2);
            await c.Put("put", Put("a", "v", 1));
            await CaseRun.Until("the lease is past its time", async () =>
                (await c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 1 }, deadline: CaseRun.Deadline())).TTL <= 0);
            // TTL 0 can still mean under a second left; past 1.1 s more it is past its time or gone.
            await Task.Delay(1100);
            var alive = c.KeepAlive();
            await alive.SendAsync(1);
            c.Record("keepalive", $"ttl {(await alive.NextAsync())!.TTL}");
            await c.Dump("gone");
        }),
        new([174], "half-close ends the keepalive stream with OK", async c =>
        {
            await c.Grant("grant", 1, 60);
            var alive = c.KeepAlive();
            await alive.SendAsync(1);
            await alive.HalfCloseAsync();
            c.Record("answer", (await alive.NextAsync())!);
            c.Record("end", $"{await alive.NextAsync() is null}");
        }),
        new([181], "time to live tells the whole seconds left, the granted TTL and the keys", async c =>
        {
            await c.Grant("grant", 1, 600);
            await c.Put("b", Put("b", "v", 1));
            await c.Put("a", Put("a", "v", 1));
            foreach (var keys in new[] { false, true })
            {
                var answer = await c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = 1, Keys = keys }, deadline: CaseRun.Deadline());
                c.Record($"keys {keys}", $"left {answer.TTL is >= 590 and < 600} granted {answer.GrantedTTL} keys {string.Join(',', answer.Keys.Select(k => k.ToStringUtf8()).Order())}");
                c.Record($"header {keys}", answer.Header);
            }
        }),
        new([182], "time to live of an unknown lease is -1", async c =>
        {
            foreach (var id in new long[] { 0, 99, -3 })
            {
                await c.Do($"id {id}", c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = id, Keys = true }, deadline: CaseRun.Deadline()));
            }
        }),
        new([184], "leases are listed by nearest expiry", async c =>
        {
            await c.Do("none", c.Target.Lease.LeaseLeasesAsync(new(), deadline: CaseRun.Deadline()));
            await c.Grant("long", 1, 900);
            await c.Grant("short", 2, 100);
            await c.Grant("middle", 3, 500);
            await c.Do("leases", c.Target.Lease.LeaseLeasesAsync(new(), deadline: CaseRun.Deadline()));
        }),
        new([185, 178], "leases and attachments survive a restart with a fresh TTL at least", async c =>
        {
            await c.Grant("grant", 1, 60);
            await c.Grant("other", 2, 600);
            await c.Put("a", Put("a", "v", 1));
            await c.Put("b", Put("b", "v", 1));
            await c.Put("switched", Put("b", "v", 2));
            await c.Delete("deleted", Delete("a"));
            await c.Put("a again", Put("a", "w", 1));
            await c.Server.KillAsync();
            var restarted = Stopwatch.GetTimestamp();
            await c.Server.RestartAsync();
            foreach (var id in new long[] { 1, 2 })
            {
                var answer = await c.Target.Lease.LeaseTimeToLiveAsync(new() { ID = id, Keys = true }, deadline: CaseRun.Deadline());
                var least = answer.GrantedTTL - 1 - (long)Math.Ceiling(Stopwatch.GetElapsedTime(restarted).TotalSeconds);
                c.Record($"lease {id}", $"fresh {answer.TTL >= least} granted {answer.GrantedTTL} keys {string.Join(',', answer.Keys.Select(k => k.ToStringUtf8()).Order())}");
            }

            await c.Revoke("revoke 1", 1);
            await c.Dump("b stays");
            await c.Revoke("revoke 2", 2);
            await c.Dump("empty");
        })
        { Fresh = true },
    ];
}
