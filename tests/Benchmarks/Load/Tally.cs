using System.Diagnostics;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Measurement;

namespace Krewe.Benchmarks.Load;

/// <summary>What one thread has measured.</summary>
/// <param name="maxErrors">A run with more errors than this says nothing and is given up.</param>
internal sealed class Tally(MeasuredWindow window, int maxErrors = Tally.UsualMaxErrors)
{
    private const int UsualMaxErrors = 100;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    public LatencyHistogram Latency { get; } = new();

    public long Errors { get; private set; }

    public string? FirstError { get; private set; }

    public static long ToNanoseconds(long ticks) => (long)(ticks * NanosecondsPerTick);

    /// <param name="ticks">The operation's duration in Stopwatch ticks.</param>
    public void Record(long ticks)
    {
        if (window.TryCount())
        {
            Latency.Record(ToNanoseconds(ticks));
        }
    }

    /// <summary>A request that the window ended upon: it took at least this long.</summary>
    public void RecordUnanswered(long ticks) => Latency.Record(ToNanoseconds(ticks));

    public void Merge(Tally other)
    {
        Latency.Merge(other.Latency);
        Errors += other.Errors;
        FirstError ??= other.FirstError;
    }

    public void RecordError(in ResponseHead head) => RecordError(head.ToString());

    public void RecordError(string error)
    {
        FirstError ??= error;
        if (++Errors > maxErrors)
        {
            throw new BenchmarkException($"more than {maxErrors} errors; the first: {FirstError}");
        }
    }
}
