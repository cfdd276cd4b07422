using System.Diagnostics;
using System.Globalization;
using Krewe.Lab.Checkers;
using Krewe.Lab.Engine;
using Krewe.Lab.Histories;

namespace Krewe.Lab.Clients;

/// <summary>Clients and watchers at work while faults are injected; then everything is healed, read back and checked.</summary>
internal sealed class LabRun
{
    private const long FirstRevision = 2;
    private const int Clients = 6;
    private const int Watchers = 3;
    private const int FewestAcknowledged = 20;
    private static readonly TimeSpan WatchersLimit = TimeSpan.FromSeconds(60);

    private readonly ClusterUnderTest _cluster;
    private readonly LabWindow _window;
    private readonly string _lastKey;
    private readonly LabClient[] _clients;
    private readonly LabWatcher[] _watchers;
    private long? _last;

    private LabRun(ClusterUnderTest cluster, LabWindow window)
    {
        _cluster = cluster;
        _window = window;
        var prefix = LabClient.Prefix(window.Number);
        _lastKey = prefix + "last";
        var seed = LabSettings.Seed + (window.Number * Clients);
        _clients = [.. Enumerable.Range(0, Clients).Select(i => new LabClient(i, seed + i, () => cluster.Members, window.Number))];
        _watchers = [.. Enumerable.Range(0, Watchers).Select(i =>
            new LabWatcher(i, i == 0 ? prefix + "1" : prefix, window.First, () => cluster.Members))];
    }

    /// <param name="faults">Injects faults until the token ends, and undoes them before it returns.</param>
    /// <param name="before">What was written before the clients begin.</param>
    public static Task CheckAsync(
        ClusterUnderTest cluster, Func<Random, CancellationToken, Task> faults, IReadOnlyList<Operation>? before = null) =>
        CheckAsync(cluster, new LabWindow(0, FirstRevision, before ?? []), LabSettings.Duration, faults);

    /// <summary>One window of a run.</summary>
    /// <param name="duration">How long faults are injected in it.</param>
    public static async Task<WindowOutcome> CheckAsync(
        ClusterUnderTest cluster, LabWindow window, TimeSpan duration, Func<Random, CancellationToken, Task> faults)
    {
        var run = new LabRun(cluster, window);
        try
        {
            return await run.RunAsync(duration, faults);
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed {LabSettings.Seed}: {error.Message}\n{cluster.Logs()}", error);
        }
    }

    private async Task<WindowOutcome> RunAsync(TimeSpan duration, Func<Random, CancellationToken, Task> faults)
    {
        using var clientsEnd = new CancellationTokenSource();
        using var watchersEnd = new CancellationTokenSource();
        var clients = Task.WhenAll(_clients.Select(c => c.RunAsync(clientsEnd.Token)));
        var watchers = Task.WhenAll(_watchers.Select(w => w.RunAsync(() => _last, watchersEnd.Token)));
        try
        {
            using var faultsEnd = new CancellationTokenSource(duration);
            await faults(new Random(LabSettings.Seed + _window.Number), faultsEnd.Token);
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

        return await JudgeAsync();
    }

    // One acknowledged write after all: behind it no ambiguous one can follow from a live request.
    private async Task WriteLastAsync()
    {
        var leader = await _cluster.LeaderAsync();
        var put = await leader.Kv.PutAsync(Requests.Put(_lastKey, _lastKey), deadline: DateTime.UtcNow.AddSeconds(10));
        _last = put.Header.Revision;
    }

    private async Task<WindowOutcome> JudgeAsync()
    {
        var last = _last!.Value;
        var log = await LogReader.ReadAsync(await _cluster.LeaderAsync(), _window.First, last);
        var marker = new Operation { Kind = OperationKind.Put, Key = _lastKey, Value = _lastKey, InvokedAt = Stopwatch.GetTimestamp(), Revision = last, ReturnedAt = long.MaxValue, Acknowledged = true };
        Operation[] own = [.. _clients.SelectMany(c => c.History), marker];
        Operation[] history = [.. _window.Unresolved, .. own];
        var violations = LinearizabilityChecker.Check(log, history)
            .Concat(_watchers.SelectMany((w, i) => WatchValidator.Check(log, w.Record, last).Select(v => $"watcher {i}: {v}")))
            .ToArray();
        Assert.True(violations.Length == 0, $"seed {LabSettings.Seed}: {violations.Length} violations\n{string.Join('\n', violations.Take(20))}");
        var acknowledged = history.Count(o => o.HasWritten);
        Assert.True(acknowledged >= FewestAcknowledged, $"only {acknowledged} writes were acknowledged: nothing was tested");

        await _cluster.RequireEqualHashesAsync(last);
        var status = await OperatorChecks.RunAsync(_cluster, last);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {LabSettings.Seed}: {own.Length} operations, {acknowledged} writes acknowledged, {own.Count(o => !o.Acknowledged)} ambiguous, {log.Events.Count} events, {_watchers.Sum(w => w.Sessions)} watch streams\n{status}"));
        return WindowOutcome.Of(log, own, _window.Unresolved, last);
    }
}
