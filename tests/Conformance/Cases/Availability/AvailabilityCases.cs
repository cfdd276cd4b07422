using Grpc.Core;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Engine.Requests;

namespace Krewe.Conformance.Cases.Availability;

/// <summary>Sections 15 and 16 as far as one member shows them: stopping, and serving again after a restart.</summary>
internal static class AvailabilityCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        new([349, 355], "SIGTERM ends open streams and the process, and loses nothing", async c =>
        {
            await c.Seed("a", "b");
            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("a"));
            await c.Next("created", watch);
            await c.Server.TerminateAsync();
            var status = await watch.WaitForEndAsync();
            c.Record("the stream ended with an error", $"{status.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal}");
            await c.Server.RestartAsync();
            await c.Dump("after restart");
        })
        { Fresh = true },
        new([359, 14], "after a restart a linearizable read shows all acknowledged writes", async c =>
        {
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < 50; i++)
                {
                    await c.Target.Kv.PutAsync(Put($"k{i % 5}", $"{round}.{i}"), deadline: CaseRun.Deadline());
                }

                await c.Server.KillAsync();
                await c.Server.RestartAsync();
                await c.Dump($"round {round}");
            }

            await using var watch = c.Watch();
            await watch.CreateAsync(WatchKey("k", "l", c.Rev(95)));
            await c.Next("created", watch);
            await c.Events("history", watch, 6);
        })
        { Fresh = true },
    ];
}
