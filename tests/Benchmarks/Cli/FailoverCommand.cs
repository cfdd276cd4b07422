using System.CommandLine;
using Krewe.Benchmarks.Failover;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Cli;

/// <summary><c>failover</c>: takes the leader away from clusters of etcd and Krewe in turn.</summary>
internal static class FailoverCommand
{
    private const string Timing = "--heartbeat-interval=100 --election-timeout=1000";

    public static Command Create()
    {
        var etcd = new Option<string>("--etcd") { Description = "etcd's executable", Required = true };
        var krewe = new Option<string>("--krewe") { Description = "Krewe's executable or .dll", Required = true };
        var timing = new Option<string>("--timing") { Description = "arguments of both, separated by spaces", DefaultValueFactory = _ => Timing };
        var etcdArguments = new Option<string>("--etcd-args") { Description = "more arguments, separated by spaces", DefaultValueFactory = _ => "" };
        var kreweArguments = new Option<string>("--krewe-args") { Description = "more arguments, separated by spaces", DefaultValueFactory = _ => "" };
        var dataRoot = new Option<string>("--data-root") { Description = "directory for the data", DefaultValueFactory = _ => "." };
        var repetitions = new Option<int>("--repetitions") { Description = "failovers of each kind and server", DefaultValueFactory = _ => 20 };
        var faults = new Option<Fault[]>("--faults") { Description = "kill, stop or both", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => Enum.GetValues<Fault>() };
        var command = new Command("failover", "Kill, then stop, the leader of three members and measure when puts and events flow again.")
        {
            etcd, krewe, timing, etcdArguments, kreweArguments, dataRoot, repetitions, faults,
        };
        command.SetAction(async (parsed, _) =>
        {
            var same = parsed.GetValue(timing)!;
            var reference = ServerSpec.Of("etcd", parsed.GetValue(etcd)!, same, parsed.GetValue(etcdArguments)!);
            var tested = ServerSpec.Of("krewe", parsed.GetValue(krewe)!, same, parsed.GetValue(kreweArguments)!);
            var runner = new FailoverRunner(parsed.GetValue(dataRoot)!, parsed.GetValue(repetitions));
            var results = new List<(Fault, IReadOnlyList<Outage>, IReadOnlyList<Outage>)>();
            foreach (var fault in parsed.GetValue(faults)!)
            {
                results.Add((fault, await runner.RunAsync(reference, fault), await runner.RunAsync(tested, fault)));
            }

            Console.WriteLine(FailoverRunner.Report(results, reference.Name, tested.Name));
            return 0;
        });
        return command;
    }
}
