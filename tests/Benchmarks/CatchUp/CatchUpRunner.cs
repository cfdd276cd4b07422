using System.Diagnostics;
using Grpc.Core;
using Krewe.Benchmarks.Load;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.CatchUp;

/// <summary>Adds an empty learner to three members that hold many keys, while clients write, and promotes it when it has caught up.</summary>
internal sealed class CatchUpRunner(string dataRoot, CatchUpSettings settings)
{
    private const int Members = 3;
    private const int PromoteMilliseconds = 100;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    public CatchUpFigures Run(ServerSpec spec)
    {
        using var cluster = ServerCluster.Start(spec, dataRoot, Members);
        var load = settings.Load with { Endpoints = cluster.Endpoints };
        LoadRun.LoadKeys(load);
        _ = Slice(load with { Duration = load.Warmup }, cluster);
        Result[] normal = [.. Enumerable.Range(0, settings.NormalSlices).Select(_ => Slice(load, cluster))];

        var during = new List<Result>();
        var started = Stopwatch.GetTimestamp();
        var joined = Task.Run(() => JoinAsync(cluster, started));
        while (!joined.IsCompleted)
        {
            if (during.Count == settings.MaxSlices)
            {
                throw new BenchmarkException($"{spec.Name}: the empty member did not catch up in {settings.MaxSlices} slices");
            }

            during.Add(Slice(load, cluster));
        }

        return new CatchUpFigures(
            joined.GetAwaiter().GetResult(),
            SliceFigures.Of(normal),
            SliceFigures.Of(during),
            normal.Concat(during).Sum(slice => slice.Errors));
    }

    private static Result Slice(LoadSettings load, ServerCluster cluster) =>
        LoadRun.Execute("put", load with { Warmup = TimeSpan.Zero }, cluster.ProcessIds);

    private static async Task<double> JoinAsync(ServerCluster cluster, long started)
    {
        using var client = new EtcdClient(cluster.Members[0].Endpoint);
        var plan = cluster.PlanOneMore();
        var member = await client.AddLearnerAsync(plan.PeerUrl, CallLimit);
        cluster.Add(plan);
        while (!await PromoteAsync(client, member))
        {
            await Task.Delay(PromoteMilliseconds);
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<bool> PromoteAsync(EtcdClient client, ulong member)
    {
        try
        {
            await client.PromoteAsync(member, CallLimit);
            return true;
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.FailedPrecondition or StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            // Not in sync with the leader yet.
            return false;
        }
    }
}
