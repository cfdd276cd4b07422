using System.Text.Json.Serialization;

namespace Krewe.Benchmarks.Measurement;

/// <summary>The figures of one workload on one server.</summary>
/// <param name="Operations">Finished in the measured window; for the watch workload, events delivered.</param>
/// <param name="Latency">Of an operation; for the watch workload, from sending a put to a watcher's event.</param>
/// <param name="ServerCpuMicrosPerOperation">User and system time of the server processes; null if no process id is known.</param>
/// <param name="ClientCpuMicrosPerOperation">User and system time of the generator itself.</param>
/// <param name="ClientCores">Processors the generator kept busy; near 1, the own client's single thread is the limit.</param>
/// <param name="ServerRssBytes">Resident memory at the end of the window; null if no process id is known.</param>
/// <param name="StartMilliseconds">From starting the server process to its first linearizable answer; null if it was already running.</param>
internal sealed record Result(
    string Workload,
    long Operations,
    double Seconds,
    double PerSecond,
    LatencySummary Latency,
    double? ServerCpuMicrosPerOperation,
    double ClientCpuMicrosPerOperation,
    double ClientCores,
    long? ServerRssBytes,
    long Errors,
    string? FirstError,
    double? StartMilliseconds,
    WatchFigures? Watch)
{
    /// <summary>What <see cref="Latency"/> was computed from, for merging with that of other windows; not reported.</summary>
    [JsonIgnore]
    public LatencyHistogram? Histogram { get; init; }

    public LoginFigures? Logins { get; init; }

    /// <summary>The same clients without the logins beside them, just before; null for workloads without logins.</summary>
    public Result? Alone { get; init; }
}
