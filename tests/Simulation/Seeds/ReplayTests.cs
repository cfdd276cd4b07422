using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

public sealed class ReplayTests
{
    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(77UL)]
    public void A_seed_is_a_history(ulong seed) => Assert.Equal(Trace(seed), Trace(seed));

    [Theory]
    [InlineData(1UL)]
    [InlineData(35UL)]
    public void A_seed_is_a_history_of_the_keyspace(ulong seed) => Assert.Equal(Trace(seed, isKeyspace: true), Trace(seed, isKeyspace: true));

    [Fact]
    public void Another_seed_is_another_history() => Assert.NotEqual(Trace(1), Trace(3));

    private static string Trace(ulong seed, bool isKeyspace = false)
    {
        using var trace = new StringWriter();
        Assert.Null(SeedRunner.Run(seed, null, SeededBug.None, new SeedTotals(), trace, isKeyspace));
        return trace.ToString();
    }
}
