using Grpc.Core;
using Krewe.Api.Protos.Election;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;
using ElectionClient = Krewe.Api.Protos.Election.Election.ElectionClient;

namespace Krewe.Conformance.Cases.Concurrency;

/// <summary>Section 12: the Election service.</summary>
internal static class ElectionCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new([298, 299, 301], "a lone candidate leads, and campaigning again changes its value", async c =>
        {
            await Leader(c, "before");
            await c.Grant("lease", 0x2c, 60);
            await Campaign(c, "campaign", 0x2c, "one");
            await Campaign(c, "same value", 0x2c, "one");
            await c.Dump();
            await Campaign(c, "other value", 0x2c, "two");
            await Leader(c, "leader");
            await c.Dump();
        }),
        new([298, 300, 301], "resigning passes leadership on in order", async c =>
        {
            await Leases(c, 1, 2, 3);
            var first = await Campaign(c, "first", 1, "one");
            var second = Campaign(c, 2, "two");
            await WaitsAsync(c, "e/2");
            var third = Campaign(c, 3, "three");
            await WaitsAsync(c, "e/3");
            await Leader(c, "leader 1");
            await Resign(c, "resign 1", first!.Leader);
            var elected = await c.Do("second", second);
            await Leader(c, "leader 2");
            await Resign(c, "resign 1 again", first.Leader);
            await Proclaim(c, "proclaim as 1", first.Leader, "late");
            await Proclaim(c, "proclaim as 2", elected!.Leader, "news");
            await Leader(c, "leader 2 again");
            await c.Revoke("revoke 2", 2);
            await c.Do("third", third);
            await Leader(c, "leader 3");
            await c.Dump();
        }),
        new([300], "proclaiming and resigning hold to the revision of the key's life", async c =>
        {
            await Leases(c, 1);
            var held = await Campaign(c, "campaign", 1, "one");
            var stale = held!.Leader.Clone();
            stale.Rev++;
            await Proclaim(c, "stale proclaim", stale, "x");
            await Resign(c, "stale resign", stale);
            await c.Dump("untouched");
            await Proclaim(c, "proclaim", held.Leader, "two");
            await Resign(c, "resign", held.Leader);
            await c.Dump("gone");
        }),
        new([298], "a cancelled candidate removes its key", async c =>
        {
            await Leases(c, 1, 2);
            await Campaign(c, "first", 1, "one");
            using (var second = Campaign(c, 2, "two"))
            {
                await WaitsAsync(c, "e/2");
            }

            await CaseRun.Until("the key is gone", async () => await CountAsync(c, "e/2") == 0);
            await c.Dump();
        }),
        new([302], "observers see the leader, its proclamations and its successors", async c =>
        {
            await Leases(c, 1, 2);
            var first = await Campaign(c, "first", 1, "one");
            using var observer = Client(c).Observe(new LeaderRequest { Name = Utf8("e") }, deadline: CaseRun.Deadline());
            await Next(c, "observed first", observer);
            await Proclaim(c, "proclaim", first!.Leader, "uno");
            await Next(c, "observed proclamation", observer);
            var second = Campaign(c, 2, "two");
            await WaitsAsync(c, "e/2");
            await Resign(c, "resign", first.Leader);
            await Next(c, "observed successor", observer);
            var elected = await c.Do("second", second);
            await Resign(c, "resign second", elected!.Leader);
            await Campaign(c, "first again", 1, "eins");
            await Next(c, "observed after none", observer);
        }),
        new([302], "observing waits for the first leader", async c =>
        {
            await Leases(c, 1);
            using var observer = Client(c).Observe(new LeaderRequest { Name = Utf8("e") }, deadline: CaseRun.Deadline());
            var next = observer.ResponseStream.MoveNext(CancellationToken.None);
            await Campaign(c, "campaign", 1, "one");
            Assert.True(await next);
            c.Record("observed", observer.ResponseStream.Current);
        }),
        new([297, 303], "errors arrive as Unknown with their text", async c =>
        {
            await Campaign(c, "unknown lease", 999, "v");
            await Proclaim(c, "proclaim without leader", null, "v");
            await Resign(c, "resign without leader", null);
            await Leases(c, 1);
            await Proclaim(c, "proclaim without key", new LeaderKey { Lease = 1 }, "v");
            await Resign(c, "resign without key", new LeaderKey { Lease = 1 });
            await Leader(c, "no leader");
            await c.Dump();
        }),
    ];

    private static ElectionClient Client(CaseRun c) => new(c.Target.Channel);

    private static AsyncUnaryCall<CampaignResponse> Campaign(CaseRun c, long lease, string value) => Client(c).CampaignAsync(
        new CampaignRequest { Name = Utf8("e"), Lease = lease, Value = Utf8(value) }, deadline: CaseRun.Deadline());

    private static Task<CampaignResponse?> Campaign(CaseRun c, string label, long lease, string value) => c.Do(label, Campaign(c, lease, value));

    private static Task<ProclaimResponse?> Proclaim(CaseRun c, string label, LeaderKey? leader, string value) =>
        c.Do(label, Client(c).ProclaimAsync(new ProclaimRequest { Leader = leader, Value = Utf8(value) }, deadline: CaseRun.Deadline()));

    private static Task<ResignResponse?> Resign(CaseRun c, string label, LeaderKey? leader) =>
        c.Do(label, Client(c).ResignAsync(new ResignRequest { Leader = leader }, deadline: CaseRun.Deadline()));

    private static Task<LeaderResponse?> Leader(CaseRun c, string label) =>
        c.Do(label, Client(c).LeaderAsync(new LeaderRequest { Name = Utf8("e") }, deadline: CaseRun.Deadline()));

    private static async Task Next(CaseRun c, string label, AsyncServerStreamingCall<LeaderResponse> observer)
    {
        Assert.True(await observer.ResponseStream.MoveNext(CancellationToken.None));
        c.Record(label, observer.ResponseStream.Current);
    }

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
