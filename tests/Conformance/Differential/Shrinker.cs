using System.Diagnostics;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential;

/// <summary>Makes a failing script small by delta debugging: every candidate runs on fresh servers.</summary>
internal static class Shrinker
{
    /// <summary>Shrinking is worth a few minutes at most.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task<List<int>> ShrinkAsync(List<int> failing)
    {
        var clock = Stopwatch.StartNew();
        var chunk = Math.Max(1, failing.Count / 2);
        while (clock.Elapsed < Limit)
        {
            var removed = false;
            for (var at = 0; at < failing.Count && clock.Elapsed < Limit;)
            {
                List<int> candidate = [.. failing.Take(at), .. failing.Skip(at + chunk)];
                if (candidate.Count > 0 && await FailsAsync(candidate) is { } done)
                {
                    failing = [.. candidate.Take(done)];
                    removed = true;
                }
                else
                {
                    at += chunk;
                }
            }

            if (chunk == 1 && !removed)
            {
                break;
            }

            chunk = Math.Max(1, chunk / 2);
        }

        return failing;
    }

    /// <summary>The script's text with the difference at its end.</summary>
    public static async Task<string> DescribeAsync(List<int> seeds)
    {
        var log = new List<string>();
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        await using var run = new DifferentialRun(pair, log);
        var difference = await run.RunAsync(seeds);
        return $"{string.Join('\n', log.Select((l, i) => $"{i + 1,4} {l}"))}\n{difference ?? "(did not fail again: a race)"}\nop seeds: {string.Join(',', seeds)}";
    }

    /// <summary>The number of operations until the difference, or null when there was none.</summary>
    private static async Task<int?> FailsAsync(List<int> seeds)
    {
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        await using var run = new DifferentialRun(pair);
        return await run.RunAsync(seeds) is null ? null : run.Done;
    }
}
