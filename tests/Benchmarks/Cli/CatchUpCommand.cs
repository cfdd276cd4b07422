using System.CommandLine;
using Krewe.Benchmarks.CatchUp;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Cli;

/// <summary><c>catch-up</c>: what clients see while an empty member gets a large keyspace, on etcd and Krewe in turn.</summary>
internal static class CatchUpCommand
{
    private const int MaxSlices = 300;
    private const double MaxWarmupSeconds = 60;

    public static Command Create()
    {
        var etcd = new Option<string>("--etcd") { Description = "etcd's executable", Required = true };
        var krewe = new Option<string>("--krewe") { Description = "Krewe's executable or .dll", Required = true };
        var same = new Option<string>("--args") { Description = "arguments of both, separated by spaces", DefaultValueFactory = _ => "" };
        var dataRoot = new Option<string>("--data-root") { Description = "directory for the data", DefaultValueFactory = _ => "." };
        var slices = new Option<int>("--normal-slices") { Description = "slices, each of --duration, that say what is normal", DefaultValueFactory = _ => 10 };
        var load = new LoadOptions();
        var command = new Command("catch-up", "Add an empty member to three that hold many keys and measure puts until it has caught up. Try --keys 1000000 --duration 1.")
        {
            etcd, krewe, same, dataRoot, slices,
        };
        load.AddTo(command);
        command.SetAction(parsed =>
        {
            string arguments = parsed.GetValue(same)!;
            LoadSettings puts = load.Settings(parsed);
            if (puts.Duration <= TimeSpan.Zero || puts.Warmup <= TimeSpan.Zero || puts.Warmup > TimeSpan.FromSeconds(MaxWarmupSeconds))
            {
                throw new BenchmarkException($"--duration must be above 0, --warmup above 0 and at most {MaxWarmupSeconds}");
            }

            var runner = new CatchUpRunner(parsed.GetValue(dataRoot)!, new CatchUpSettings(puts, Math.Max(1, parsed.GetValue(slices)), MaxSlices));
            CatchUpFigures of = runner.Run(ServerSpec.Of("etcd", parsed.GetValue(etcd)!, arguments));
            CatchUpFigures against = runner.Run(ServerSpec.Of("krewe", parsed.GetValue(krewe)!, arguments));
            Console.WriteLine(CatchUpReport.Of("etcd", of, "krewe", against));
            return 0;
        });
        return command;
    }
}
