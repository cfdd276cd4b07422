using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential;

/// <summary>
/// Seeded random operations on etcd and Krewe in lock step: answers, errors and watch events must agree.
/// KREWE_DIFF_OPS sets the number of operations (20,000), KREWE_SEED the seed (1), KREWE_DIFF_SCRIPT replays
/// op seeds, KREWE_DIFF_SHRINK=0 prints a failing script whole.
/// </summary>
public sealed class DifferentialTests
{
    private const int DefaultOps = 20_000;
    private const int OpsPerServer = 10_000;

    /// <summary>
    /// etcd 3.5.30 ends itself ("range failed to find revision pair") when a watcher asks for a previous value while a compaction
    /// removes it. Such a script shows nothing about Krewe: the next seed takes over for the operations that are left.
    /// </summary>
    private const int MaxDeathsOfEtcd = 20;

    [Fact(DisplayName = "B1-B190 random operations find no difference")]
    public async Task Random_operations_find_no_difference()
    {
        var total = PeerPaths.Number("KREWE_DIFF_OPS", DefaultOps);
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        var deaths = 0;
        for (var done = 0; done < total; seed++)
        {
            var (compared, etcdDied) = await RunOneAsync(seed, Math.Min(OpsPerServer, total - done));
            done += compared;
            deaths += etcdDied ? 1 : 0;
            Assert.True(deaths <= MaxDeathsOfEtcd, $"etcd ended by itself {deaths} times");
        }
    }

    [Fact(DisplayName = "a recorded script of op seeds finds no difference")]
    public async Task A_recorded_script_finds_no_difference()
    {
        var script = Environment.GetEnvironmentVariable("KREWE_DIFF_SCRIPT");
        Assert.SkipWhen(string.IsNullOrEmpty(script), "KREWE_DIFF_SCRIPT names no op seeds");
        var text = await Shrinker.DescribeAsync([.. script!.Split(',').Select(int.Parse)]);
        Assert.Contains("did not fail", text, StringComparison.Ordinal);
    }

    private static async Task<(int Compared, bool EtcdDied)> RunOneAsync(int seed, int ops)
    {
        var random = new Random(seed);
        List<int> seeds = [.. Enumerable.Range(0, ops).Select(_ => random.Next())];
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        await using var run = new DifferentialRun(pair);
        var difference = await run.RunAsync(seeds);
        var counts = string.Join(' ', run.Counts.OrderBy(c => c.Key).Select(c => $"{c.Key}:{c.Value.Succeeded}/{c.Value.Calls}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {run.Done} ops, succeeded/tried {counts}");
        if (difference is null)
        {
            return (run.Done, false);
        }

        if (pair.Etcd.HasExited && !pair.Krewe.HasExited)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: etcd ended by itself at op {run.Done}: {pair.Etcd.LogTail(1)}");
            return (run.Done - 1, true);
        }

        var text = $"KREWE_SEED={seed}, op {run.Done} of {ops}: {difference}";
        var log = pair.Krewe.LogTail(15);
        List<int> failing = [.. seeds.Take(run.Done)];
        var small = Environment.GetEnvironmentVariable("KREWE_DIFF_SHRINK") == "0" ? failing : await Shrinker.ShrinkAsync(failing);
        Assert.Fail($"{text}\n--- minimal script\n{await Shrinker.DescribeAsync(small)}\n--- krewe's log\n{log}");
        return default;
    }
}
