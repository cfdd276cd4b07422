using System.Diagnostics;
using System.Globalization;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Seeds;

/// <summary>The whole replicated keyspace, with the evaluation at the tail and the ownership fence.</summary>
public sealed class KeyspaceSeedTests(ITestOutputHelper output)
{
    /// <summary>Seeds that are run unless KREWE_SEEDS (how many) and KREWE_FIRST_SEED (from where) say otherwise.</summary>
    private const int DefaultSeeds = 600;

    [Fact]
    public void Histories_of_the_keyspace_are_right()
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
        (ulong Seed, Exception Failure)? found = SeedRunner.FindFailure(first, count, profile: null, SeededBug.None, totals, isKeyspace: true);
        output.WriteLine($"{totals}, {totals.Keyspace} in {Stopwatch.GetElapsedTime(begin).TotalSeconds:F0} s on {Environment.ProcessorCount} cores");
        if (found is { } failure)
        {
            Assert.Fail($"seed {failure.Seed} fails; replay it with KREWE_SEED={failure.Seed} and this test alone\n{failure.Failure}");
        }

        AssertNotEmpty(totals.Keyspace, count);
        Assert.True(totals.Counts.Restores > count / 10, "hardly any snapshots");
    }

    private static void AssertNotEmpty(KeyspaceCounts counts, int count)
    {
        Assert.True(counts.Registrations > count && counts.FencedWrites > count / 10 && counts.ZombieWrites > count / 10, "the fence had hardly any work");
        Assert.True(counts.SpanningWrites > count && counts.BatchedWrites > count, "hardly any writes over several prefixes or in batches");
        Assert.True(counts.Expiries > count / 10 && counts.Renewals > count / 10, "leases hardly lived");
        Assert.True(counts.Checkpoints > count && counts.CheckpointsForgotten > count / 10, "hardly any remaining times of leases were replicated");
        Assert.True(counts.WatchEvents > count && counts.WatchResumes > count, "watchers saw hardly anything");
    }

    private void Replay(ulong seed)
    {
        using var trace = new StringWriter();
        SeededBug bug = Enum.Parse<SeededBug>(Environment.GetEnvironmentVariable("KREWE_BUG") ?? nameof(SeededBug.None));
        Exception? failure = SeedRunner.Run(seed, null, bug, new SeedTotals(), trace, isKeyspace: true);
        output.WriteLine(trace.ToString());
        Assert.Null(failure);
    }
}
