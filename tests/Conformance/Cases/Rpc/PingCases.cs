using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Rpc;

/// <summary>Section 15: pings that come too often.</summary>
internal static class PingCases
{
    /// <summary>The first ping has none before it, and two may come too early.</summary>
    private const int Tolerated = 3;
    private static readonly byte[] RangeOfA = [0x0a, 1, (byte)'a'];
    private static readonly byte[] WatchOfA = [0x0a, 3, .. RangeOfA];

    public static IEnumerable<ConformanceCase> All =>
    [
        new([342], "pings without streams end the connection", async c =>
        {
            using var probe = await FrameProbe.ConnectAsync(c.Target);
            await PingTooOften(c, probe);
        }),
        new([342], "pings faster than 5 s end the connection though it has a stream", async c =>
        {
            using var probe = await FrameProbe.ConnectAsync(c.Target);
            await probe.StartAsync("/etcdserverpb.Watch/Watch", WatchOfA);
            await PingTooOften(c, probe);
        }),
        new([342], "what the server sends forgives fast pings", async c =>
        {
            using var probe = await FrameProbe.ConnectAsync(c.Target);
            for (var i = 0; i < 2 * Tolerated; i++)
            {
                await probe.CallAsync("/etcdserverpb.KV/Range", RangeOfA);
                await probe.PingAsync();
            }

            await PingTooOften(c, probe);
        }),
    ];

    private static async Task PingTooOften(CaseRun c, FrameProbe probe)
    {
        for (var i = 0; i < Tolerated; i++)
        {
            await probe.PingAsync();
        }

        c.Record("one more", await probe.PingOnceTooOftenAsync());
        await probe.ReadToEndAsync();
    }
}
