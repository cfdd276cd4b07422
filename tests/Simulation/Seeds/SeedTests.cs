using System.Diagnostics;
using System.Globalization;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Seeds;

public sealed class SeedTests(ITestOutputHelper output)
{
    /// <summary>Seeds that are run unless KREWE_SEEDS (how many) and KREWE_FIRST_SEED (from where) say otherwise.</summary>
    private const int DefaultSeeds = 10_000;

    [Fact]
    public void Histories_keep_every_invariant_and_are_linearizable()
    {
        if (Environment.GetEnvironmentVariable("KREWE_SEED") is { } one)
        {
            Replay(ulong.Parse(one, CultureInfo.InvariantCulture));
            return;
        }

        string? configured = Environment.GetEnvironmentVariable("KREWE_SEEDS");
        int count = configured is null ? DefaultSeeds : int.Parse(configured, CultureInfo.InvariantCulture);
        ulong first = ulong.Parse(Environment.GetEnvironmentVariable("KREWE_FIRST_SEED") ?? "1", CultureInfo.InvariantCulture);
        var totals = new SeedTotals();
        long begin = Stopwatch.GetTimestamp();
        (ulong Seed, Exception Failure)? found = SeedRunner.FindFailure(first, count, profile: null, SeededBug.None, totals);
        output.WriteLine($"{totals} in {Stopwatch.GetElapsedTime(begin).TotalSeconds:F0} s on {Environment.ProcessorCount} cores");
        if (found is { } failure)
        {
            Assert.Fail($"seed {failure.Seed} fails; replay it with KREWE_SEED={failure.Seed}\n{failure.Failure}");
        }

        Assert.Equal(count, totals.Histories);
        Assert.True(totals.Operations > 10 * count, "the clients got hardly anything done");
        Assert.True(totals.Elections > count, "hardly any elections");
        Assert.True(totals.Counts.Crashes > count && totals.Counts.LeaseReads > count, "hardly any crashes or lease reads");
        Assert.True(totals.Counts.CommitsLearnt > count, "followers hardly ever learnt of a commit from an answer");
        Assert.True(totals.Counts.Restores > count / 10 && totals.Counts.JointConfigurations > count / 10, "hardly any snapshots or joint configurations");
    }

    private void Replay(ulong seed)
    {
        using var trace = new StringWriter();
        SeededBug bug = Enum.Parse<SeededBug>(Environment.GetEnvironmentVariable("KREWE_BUG") ?? nameof(SeededBug.None));
        Exception? failure = SeedRunner.Run(seed, null, bug, new SeedTotals(), trace);
        output.WriteLine(trace.ToString());
        Assert.Null(failure);
    }
}
