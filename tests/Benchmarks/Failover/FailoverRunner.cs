using System.Globalization;
using Grpc.Core;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Reports;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Failover;

/// <summary>Takes the leader away from a three-member cluster again and again.</summary>
internal sealed class FailoverRunner(string dataRoot, int repetitions)
{
    private const int Members = 3;
    private const int PollMilliseconds = 20;
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutageLimit = TimeSpan.FromSeconds(60);

    public async Task<IReadOnlyList<Outage>> RunAsync(ServerSpec spec, Fault fault)
    {
        using var cluster = ServerCluster.Start(spec, dataRoot, Members);
        var outages = new List<Outage>();
        for (var i = 0; i < repetitions; i++)
        {
            outages.Add(await MeasureAsync(cluster, fault));
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{spec.Name} {fault} {i + 1}: put {outages[^1].Put:N0} ms, watch gap {outages[^1].WatchGap:N0} ms"));
        }

        return outages;
    }

    /// <summary>A table of percentiles and their ratios (tested / reference).</summary>
    public static string Report(IReadOnlyList<(Fault Fault, IReadOnlyList<Outage> Reference, IReadOnlyList<Outage> Tested)> results, string reference, string tested)
    {
        var table = new TextTable("fault", "figure", reference, tested, "ratio");
        foreach (var (fault, of, against) in results)
        {
            AddRows(table, fault, "put", of.Select(o => o.Put), against.Select(o => o.Put));
            AddRows(table, fault, "watch gap", of.Select(o => o.WatchGap), against.Select(o => o.WatchGap));
        }

        return table.ToString();
    }

    private static void AddRows(TextTable table, Fault fault, string figure, IEnumerable<double> reference, IEnumerable<double> tested)
    {
        foreach (var percent in (int[])[50, 99])
        {
            var of = Samples.Percentile(reference, percent / 100.0);
            var against = Samples.Percentile(tested, percent / 100.0);
            table.Add(fault.ToString(), $"{figure} p{percent} ms", Text("N0", of), Text("N0", against), Text("N2", against / of));
        }
    }

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);

    private static async Task<Outage> MeasureAsync(ServerCluster cluster, Fault fault)
    {
        cluster.WaitUntilReady();
        var leader = await LeaderAsync(cluster);
        var others = cluster.Members.Where(member => member != leader).ToArray();
        using var putter = new EtcdClient(others[0].Endpoint);
        using var watcher = new EtcdClient(others[1].Endpoint);
        using var meter = new OutageMeter(putter, watcher);
        var outage = await meter.MeasureAsync(fault == Fault.Kill ? leader.Kill : leader.Pause, OutageLimit);
        if (fault == Fault.Kill)
        {
            leader.Relaunch();
        }
        else
        {
            leader.Resume();
        }

        return outage;
    }

    private static async Task<ServerProcess> LeaderAsync(ServerCluster cluster)
    {
        var deadline = Environment.TickCount64 + (long)OutageLimit.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            foreach (var member in cluster.Members)
            {
                using var client = new EtcdClient(member.Endpoint);
                try
                {
                    var status = await client.StatusAsync(StatusLimit);
                    if (status.Leader != 0 && status.Leader == status.Header.MemberId)
                    {
                        return member;
                    }
                }
                catch (RpcException)
                {
                    // Not up yet: asked again.
                }
            }

            await Task.Delay(PollMilliseconds);
        }

        throw new BenchmarkException("the cluster has no leader");
    }
}
