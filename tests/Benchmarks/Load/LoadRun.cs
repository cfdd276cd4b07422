using System.Runtime.ExceptionServices;
using Krewe.Benchmarks.Load.Logins;
using Krewe.Benchmarks.Measurement;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Runs one workload through warm-up and measured window, and gives its figures.</summary>
internal sealed class LoadRun : IDisposable
{
    private const int StartTimeoutMilliseconds = 120_000;
    private static readonly TimeSpan TotalTimeout = TimeSpan.FromHours(1);

    private readonly string _workload;
    private readonly LoadSettings _settings;
    private readonly IReadOnlyList<int> _serverProcessIds;
    private readonly MeasuredWindow _window;
    private readonly ManualResetEventSlim _started = new();
    private readonly KeySpace _keys;
    private readonly ValuePool _values;
    private ExceptionDispatchInfo? _failure;

    private LoadRun(string workload, LoadSettings settings, IReadOnlyList<int> serverProcessIds)
    {
        _workload = workload;
        _settings = settings;
        _serverProcessIds = serverProcessIds;
        _window = new MeasuredWindow(settings.Total);
        _keys = new KeySpace(settings.KeyCount, settings.KeySize);
        _values = new ValuePool(settings.ValueSize, settings.Seed);
    }

    /// <summary>Writes the keys that every workload expects to exist.</summary>
    public static void LoadKeys(LoadSettings settings) => KeyLoader.Load(
        settings, new KeySpace(settings.KeyCount, settings.KeySize), new ValuePool(settings.ValueSize, settings.Seed));

    /// <param name="serverProcessIds">Whose processor time and memory to report; may be empty.</param>
    public static Result Execute(string workload, LoadSettings settings, IReadOnlyList<int> serverProcessIds)
    {
        using var run = new LoadRun(workload, settings, serverProcessIds);
        return run.Execute();
    }

    public void Dispose()
    {
        _window.Dispose();
        _started.Dispose();
    }

    private Result Execute()
    {
        var driver = CreateDriver();
        var thread = new Thread(() => Guard(() => driver.Run(_started.Set))) { Name = "load" };
        thread.Start();
        try
        {
            _ = _started.Wait(StartTimeoutMilliseconds);
            return Measure(driver, thread);
        }
        finally
        {
            _window.Stop();
            thread.Join();
        }
    }

    private Result Measure(IDriver driver, Thread thread)
    {
        _window.WaitForEnd(_settings.Warmup);
        var serverBefore = ProcessUsage.CpuTime(_serverProcessIds);
        var clientBefore = Environment.CpuUsage.TotalTime;
        _window.Open();
        _window.WaitForEnd(_settings.Total > 0 ? TotalTimeout : _settings.Duration);
        _window.Close();
        var server = ProcessUsage.CpuTime(_serverProcessIds) - serverBefore;
        var client = Environment.CpuUsage.TotalTime - clientBefore;
        long? resident = _serverProcessIds.Count > 0 ? ProcessUsage.ResidentBytes(_serverProcessIds) : null;
        _window.Stop();
        thread.Join();
        _failure?.Throw();
        return CreateResult(driver, server, client, resident);
    }

    private Result CreateResult(IDriver driver, TimeSpan server, TimeSpan client, long? resident)
    {
        var operations = driver.Tally.Latency.Count;
        var seconds = _window.Elapsed.TotalSeconds;
        if (operations == 0)
        {
            throw new BenchmarkException($"{_workload}: no operation finished in the window, make it longer; {driver.Tally.FirstError ?? "no error"}");
        }

        return new Result(
            _workload,
            operations,
            seconds,
            operations / seconds,
            LatencySummary.Of(driver.Tally.Latency),
            _serverProcessIds.Count > 0 ? server.TotalMicroseconds / operations : null,
            client.TotalMicroseconds / operations,
            client.TotalSeconds / seconds,
            resident,
            driver.Tally.Errors,
            driver.Tally.FirstError,
            null,
            driver.WatchFigures(seconds))
        {
            Histogram = driver.Tally.Latency,
            Logins = driver.LoginFigures(),
        };
    }

    private IDriver CreateDriver()
    {
        if (_settings.Client == ClientKind.GrpcDotNet)
        {
            return new GrpcDotNetDriver(_settings, CreateMix, _window);
        }

        ILoad load = _workload switch
        {
            Workloads.Watch => new WatchLoad(_settings, _keys, _values, _window),
            Workloads.LeaseKeepAlive => new KeepAliveLoad(_settings, _window),
            Workloads.PasswordLogins => new LoginLoad(_settings, _keys, _values, _window),
            _ => new UnaryLoad(_settings, CreateMix(), _window),
        };
        return new RawDriver(_settings, load, _window);
    }

    private OperationMix CreateMix() => Workloads.CreateMix(_workload, _settings, _keys, _values);

    private void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Whatever ends the load thread must end the run, on the thread that reports it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            _window.Stop();
            _started.Set();
        }
    }
}
