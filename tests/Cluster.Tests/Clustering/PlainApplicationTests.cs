using Krewe.Cluster.Tests.Fakes;

namespace Krewe.Cluster.Tests.Clustering;

/// <summary>An Orleans application with grains of its own, clustered by <c>UseRaftClustering</c> (docs/internals/streams.md).</summary>
public sealed class PlainApplicationTests
{
    private const int Tallies = 20;

    [Fact]
    public async Task Grains_are_found_from_every_silo_and_survive_the_leaving_of_one()
    {
        var cluster = new FakeCluster();
        await using TestSilo first = await TestSilo.StartAsync(cluster, 1);
        TestSilo second = await TestSilo.StartAsync(cluster, 2);
        for (int i = 0; i < Tallies; i++)
        {
            Assert.Equal(1, await Tally(first, i).AddAsync(1));
            Assert.Equal(2, await Tally(second, i).AddAsync(1));
            Assert.Equal(await Tally(first, i).GetSiloAsync(), await Tally(second, i).GetSiloAsync());
        }

        await second.DisposeAsync();
        for (int i = 0; i < Tallies; i++)
        {
            ITallyGrain tally = Tally(first, i);
            await Eventually.TrueAsync(async () => first.Address.Equals(await tally.GetSiloAsync()), "the grain is on the silo that is left");
        }
    }

    private static ITallyGrain Tally(TestSilo silo, int number) => silo.Grains.GetGrain<ITallyGrain>($"t{number}");
}
