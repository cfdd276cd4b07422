using System.CommandLine;
using System.Net;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Reports;

namespace Krewe.Benchmarks.Cli;

/// <summary><c>run</c>: loads servers that are running already.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var endpoints = new Option<string[]>("--endpoints") { Description = "host:port of the servers", Required = true, AllowMultipleArgumentsPerToken = true };
        var processIds = new Option<int[]>("--pid") { Description = "server processes on this machine, to report their CPU and memory", AllowMultipleArgumentsPerToken = true };
        var load = new LoadOptions();
        var command = new Command("run", "Load servers that are running already. Writes keys under bench/.") { endpoints, processIds };
        load.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = load.Settings(parsed) with { Endpoints = [.. parsed.GetValue(endpoints)!.Select(Resolve)] };
            LoadRun.LoadKeys(settings);
            long errors = 0;
            foreach (var workload in load.Chosen(parsed))
            {
                var result = LoadRun.Execute(workload, settings, parsed.GetValue(processIds) ?? []);
                Print(workload, result);
                errors += result.Errors;
            }

            return errors == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Print(string workload, Measurement.Result result)
    {
        var table = new TextTable("workload", "figure", "value");
        foreach (var figure in Figure.All.Where(figure => figure.Value(result) is not null))
        {
            table.Add(workload, figure.Name, figure.Text(figure.Value(result)));
        }

        Console.WriteLine(table);
        if (result.FirstError is { } error)
        {
            Console.Error.WriteLine($"first error: {error}");
        }
    }

    private static IPEndPoint Resolve(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text[(colon + 1)..], out var port))
        {
            throw new BenchmarkException($"{text} is not host:port");
        }

        return new IPEndPoint(Dns.GetHostAddresses(text[..colon])[0], port);
    }
}
