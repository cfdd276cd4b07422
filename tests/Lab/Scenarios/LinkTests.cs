using Krewe.Lab.Clients;
using Krewe.Lab.Engine;
using Krewe.Lab.Faults;

namespace Krewe.Lab.Scenarios;

/// <summary>Slow and lossy links between members, by a relay before each peer URL.</summary>
public sealed class LinkTests
{
    private const double Loss = 0.03;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(40);

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public Task Links_are_slow(ServerKind kind) => RunAsync(kind, (relay, random) => relay.Delay = LongestDelay * random.NextDouble());

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public Task Links_lose_packets_and_break(ServerKind kind) => RunAsync(kind, (relay, _) => relay.Loss = Loss);

    private static async Task RunAsync(ServerKind kind, Action<PeerRelay, Random> worsen)
    {
        LabSettings.Require(kind, byDefault: false);
        var relays = Enumerable.Range(0, 3).Select(i => new PeerRelay(MemberAddress.Loopback(), LabSettings.Seed + i)).ToArray();
        try
        {
            await using var cluster = await ClusterUnderTest.StartAsync(kind, [.. relays.Select(r => r.Address)]);
            await LabRun.CheckAsync(cluster, (random, end) => Pace.RepeatAsync(random, async pause =>
            {
                Array.ForEach(relays, relay => worsen(relay, random));
                await pause();
                await pause();
                Array.ForEach(relays, relay => (relay.Delay, relay.Loss) = (TimeSpan.Zero, 0));
            }, end));
        }
        finally
        {
            foreach (var relay in relays)
            {
                await relay.DisposeAsync();
            }
        }
    }
}
