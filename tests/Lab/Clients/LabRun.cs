using System.Diagnostics;
using System.Globalization;
using Krewe.Lab.Checkers;
using Krewe.Lab.Engine;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>Clients and watchers at work while faults are injected; then everything is healed, read back and checked.</summary>
internal sealed class LabRun
{
    private const string LastKey = LabClient.Prefix + "last";
    private const int Clients = 6;
    private const int Watchers = 3;
    private const int FewestAcknowledged = 20;
    private static readonly TimeSpan WatchersLimit = TimeSpan.FromSeconds(30);

    private readonly ClusterUnderTest _cluster;
    private readonly LabClient[] _clients;
    private readonly LabWatcher[] _watchers;
    private IReadOnlyList<Operation> _before = [];
    private long? _last;

    private LabRun(ClusterUnderTest cluster, int seed)
    {
        _cluster = cluster;
        _clients = [.. Enumerable.Range(0, Clients).Select(i => new LabClient(i, seed + i, () => cluster.Members))];
        _watchers = [.. Enumerable.Range(0, Watchers).Select(i =>
            new LabWatcher(i, i == 0 ? LabClient.Prefix + "1" : LabClient.Prefix, () => cluster.Members))];
    }

    /// <param name="faults">Injects faults until the token ends, and undoes them before it returns.</param>
    /// <param name="before">What was written before the clients begin.</param>
    public static async Task CheckAsync(
        ClusterUnderTest cluster, Func<Random, CancellationToken, Task> faults, IReadOnlyList<Operation>? before = null)
    {
        var run = new LabRun(cluster, LabSettings.Seed) { _before = before ?? [] };
        try
        {
            await run.RunAsync(faults);
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed {LabSettings.Seed}: {error.Message}\n{cluster.Logs()}", error);
        }
    }

    private async Task RunAsync(Func<Random, CancellationToken, Task> faults)
    {
        using var clientsEnd = new CancellationTokenSource();
        using var watchersEnd = new CancellationTokenSource();
        var clients = Task.WhenAll(_clients.Select(c => c.RunAsync(clientsEnd.Token)));
        var watchers = Task.WhenAll(_watchers.Select(w => w.RunAsync(() => _last, watchersEnd.Token)));
        try
        {
            using var faultsEnd = new CancellationTokenSource(LabSettings.Duration);
            await faults(new Random(LabSettings.Seed), faultsEnd.Token);
            await _cluster.WaitUntilHealthyAsync();
            await clientsEnd.CancelAsync();
            await clients;
            await WriteLastAsync();
            watchersEnd.CancelAfter(WatchersLimit);
            await watchers;
        }
        finally
        {
            // Also after a failure: nobody may go on with the members of a cluster that is gone.
            await clientsEnd.CancelAsync();
            await watchersEnd.CancelAsync();
            await Task.WhenAll(clients, watchers);
        }

        await JudgeAsync();
    }

    // One acknowledged write after all: behind it no ambiguous one can follow from a live request.
    private async Task WriteLastAsync()
    {
        var leader = await _cluster.LeaderAsync();
        var put = await leader.Kv.PutAsync(Requests.Put(LastKey, "last"), deadline: DateTime.UtcNow.AddSeconds(10));
        _last = put.Header.Revision;
    }

    private async Task JudgeAsync()
    {
        var last = _last!.Value;
        var log = await LogReader.ReadAsync(await _cluster.LeaderAsync(), last);
        var marker = new Operation { Kind = OperationKind.Put, Key = LastKey, Value = "last", InvokedAt = Stopwatch.GetTimestamp(), Revision = last, ReturnedAt = long.MaxValue, Acknowledged = true };
        Operation[] history = [.. _before, .. _clients.SelectMany(c => c.History), marker];
        var violations = LinearizabilityChecker.Check(log, history)
            .Concat(_watchers.SelectMany((w, i) => WatchValidator.Check(log, w.Record, last).Select(v => $"watcher {i}: {v}")))
            .ToArray();
        Assert.True(violations.Length == 0, $"seed {LabSettings.Seed}: {violations.Length} violations\n{string.Join('\n', violations.Take(20))}");
        var acknowledged = history.Count(o => o.HasWritten);
        Assert.True(acknowledged >= FewestAcknowledged, $"only {acknowledged} writes were acknowledged: nothing was tested");

        await _cluster.RequireEqualHashesAsync(last);
        var status = await EndpointStatus.ReadAsync(_cluster);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {LabSettings.Seed}: {history.Length} operations, {acknowledged} writes acknowledged, {history.Count(o => !o.Acknowledged)} ambiguous, {log.Events.Count} events, {_watchers.Sum(w => w.Sessions)} watch streams\n{status}"));
    }
}
