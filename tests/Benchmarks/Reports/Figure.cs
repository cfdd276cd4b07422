using System.Globalization;
using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Reports;

/// <summary>A row of a report.</summary>
internal sealed record Figure(string Name, Func<Result, double?> Value, string Format)
{
    private const double BytesPerMegabyte = 1024 * 1024;
    private const double MicrosecondsPerMillisecond = 1000;

    public static readonly IReadOnlyList<Figure> All =
    [
        new("operations/s", result => result.PerSecond, "N0"),
        new("p50 µs", result => result.Latency.P50, "N0"),
        new("p99 µs", result => result.Latency.P99, "N0"),
        new("p99.9 µs", result => result.Latency.P999, "N0"),
        new("server CPU µs/op", result => result.ServerCpuMicrosPerOperation, "N1"),
        new("generator CPU µs/op", result => result.ClientCpuMicrosPerOperation, "N1"),
        new("generator cores", result => result.ClientCores, "N2"),
        new("server RSS MB", result => result.ServerRssBytes / BytesPerMegabyte, "N0"),
        new("start to ready ms", result => result.StartMilliseconds, "N0"),
        new("errors", result => result.Errors, "N0"),
        new("puts/s", result => result.Watch?.PutsPerSecond, "N0"),
        new("put p50 µs", result => result.Watch?.PutLatency.P50, "N0"),
        new("put p99 µs", result => result.Watch?.PutLatency.P99, "N0"),
        new("ack to event p50 µs", result => result.Watch?.AckToEvent.P50, "N0"),
        new("ack to event p99 µs", result => result.Watch?.AckToEvent.P99, "N0"),
        new("without logins: operations/s", result => result.Alone?.PerSecond, "N0"),
        new("without logins: p50 µs", result => result.Alone?.Latency.P50, "N0"),
        new("without logins: p99 µs", result => result.Alone?.Latency.P99, "N0"),
        new("p99 with logins / without", result => result.Latency.P99 / result.Alone?.Latency.P99, "N2"),
        new("logins/s", result => result.Logins?.PerSecond, "N0"),
        new("login p50 ms", result => result.Logins?.Latency.P50 / MicrosecondsPerMillisecond, "N0"),
        new("login p99 ms", result => result.Logins?.Latency.P99 / MicrosecondsPerMillisecond, "N0"),
        new("login failures", result => result.Logins?.Failures, "N0"),
    ];

    public string Text(double? value) => value is null ? "" : value.Value.ToString(Format, CultureInfo.InvariantCulture);
}
