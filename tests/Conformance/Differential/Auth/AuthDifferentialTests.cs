using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>
/// Seeded random requests of users with different rights on etcd and Krewe: answers and errors must agree. KREWE_DIFF_OPS sets the number of
/// operations, KREWE_SEED the seed (1).
/// </summary>
public sealed class AuthDifferentialTests
{
    private const int DefaultOps = 10_000;
    private const int OpsPerServer = 5_000;
    private const int ShownSteps = 25;

    [Fact(DisplayName = "B191-B235 random operations of users whose rights change find no difference")]
    public async Task Random_operations_of_users_find_no_difference()
    {
        var total = PeerPaths.Number("KREWE_DIFF_OPS", DefaultOps);
        var seed = PeerPaths.Number("KREWE_SEED", 1);
        for (var done = 0; done < total; seed++)
        {
            var ops = Math.Min(OpsPerServer, total - done);
            await RunOneAsync(seed, ops);
            done += ops;
        }
    }

    private static async Task RunOneAsync(int seed, int ops)
    {
        var random = new Random(seed);
        List<int> seeds = [.. Enumerable.Range(0, ops).Select(_ => random.Next())];
        await using var pair = await ServerPair.StartAsync(["--bcrypt-cost=4"], unsafeNoFsync: true);
        var run = new AuthDifferentialRun(pair);
        var difference = await run.RunAsync(seeds);
        var counts = string.Join(' ', run.Counts.Select(c => $"{c.Key}:{c.Value.Succeeded}+{c.Value.Denied}/{c.Value.Calls}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {run.Done} ops, succeeded+denied/tried {counts}");
        if (difference is not null)
        {
            var lines = run.Script().Split('\n');
            Assert.Fail($"KREWE_SEED={seed}, op {run.Done}: {difference}\n--- the last steps\n{string.Join('\n', lines.TakeLast(ShownSteps))}\n--- krewe's log\n{pair.Krewe.LogTail(5)}");
        }
    }
}
