using System.Globalization;
using System.Runtime.InteropServices;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Reports;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Cli;

/// <summary>Runs every workload on both servers, one server at a time, each time with an empty data directory.</summary>
internal sealed partial class CompareRunner(
    ServerSpec reference, ServerSpec tested, LoadSettings settings, string dataRoot, int members, ServerTls? tls, AuthPlan auth)
{
    private readonly Dictionary<string, string> _security = [];

    public ComparisonReport Run(IReadOnlyList<string> workloads, int rounds)
    {
        var circumstances = Circumstances.Describe(settings, dataRoot, [reference, tested]);
        circumstances["members"] = members.ToString(CultureInfo.InvariantCulture);
        circumstances["auth"] = auth.Always
            ? string.Create(CultureInfo.InvariantCulture, $"on, {auth.Users.Count} users, a token in every request")
            : $"off, except for {Workloads.PasswordLogins}";
        circumstances["rounds"] = rounds.ToString(CultureInfo.InvariantCulture);
        var results = new Dictionary<(string Workload, ServerSpec Server), List<Result>>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var workload in workloads)
            {
                // Who goes first alternates, so that a drift of the machine favours nobody.
                ServerSpec[] order = round % 2 == 0 ? [reference, tested] : [tested, reference];
                foreach (var server in order)
                {
                    var result = RunOne(workload, server);
                    Print(round, server, result);
                    Add(results, (workload, server), result);
                }
            }
        }

        circumstances["TLS"] = tls is null
            ? "off"
            : $"on, client certificates required, also between members; a full handshake each connection; {string.Join("; ", _security.Select(pair => $"{pair.Key}: {pair.Value}"))}";
        var comparisons = workloads.Select(workload => new Comparison(
            workload,
            new Side(reference.Name, results[(workload, reference)]),
            new Side(tested.Name, results[(workload, tested)])));
        return new ComparisonReport(circumstances, [.. comparisons]);
    }

    private static void Add<TKey>(Dictionary<TKey, List<Result>> results, TKey key, Result result)
        where TKey : notnull
    {
        if (!results.TryGetValue(key, out var list))
        {
            results[key] = list = [];
        }

        list.Add(result);
    }

    private static void Print(int round, ServerSpec server, Result result) => Console.Error.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"round {round + 1} {result.Workload} {server.Name}: {result.PerSecond:N0}/s p50 {result.Latency.P50:N0} µs p99 {result.Latency.P99:N0} µs, server {result.ServerCpuMicrosPerOperation:N1} µs/op, generator {result.ClientCpuMicrosPerOperation:N1} µs/op, errors {result.Errors} {result.FirstError}"));

    private Result RunOne(string workload, ServerSpec spec)
    {
        // What the last server left in the page cache must not be written during this one's turn.
        Sync();
        using var server = ServerCluster.Start(spec, dataRoot, members, tls);
        var startMilliseconds = server.StartMilliseconds;
        var local = settings with { Endpoints = server.Endpoints, Users = auth.UsersOf(workload) };
        LoadRun.LoadKeys(local);
        // A burst of writes leaves marks on a process: etcd 3.4 reads several times slower after it until it is restarted.
        server.Restart();
        Sync();
        if (local.Users.Count > 0)
        {
            AuthSetup.Enable(local);
        }

        NoteSecurity(spec, local);
        var alone = workload == Workloads.PasswordLogins ? LoadRun.Execute(workload, local with { LoginClients = 0 }, server.ProcessIds) : null;
        return LoadRun.Execute(workload, local, server.ProcessIds) with { StartMilliseconds = startMilliseconds, Alone = alone };
    }

    private void NoteSecurity(ServerSpec spec, LoadSettings local)
    {
        if (!_security.ContainsKey(spec.Name))
        {
            using var loop = LoadLoop.Connect(local.Endpoints, 1, local.Tls);
            _security[spec.Name] = loop.Connections[0].Security;
        }
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();
}
