using System.Diagnostics;
using Krewe.Benchmarks.Load;

namespace Krewe.Benchmarks.Tests.Load;

public sealed class TallyTests
{
    [Fact]
    public void Unanswered_requests_count_though_the_window_is_closed_and_answered_ones_do_not()
    {
        using var window = new MeasuredWindow(total: 0);
        var tally = new Tally(window);
        tally.Record(Stopwatch.Frequency);
        Assert.Equal(0, tally.Latency.Count);
        tally.RecordUnanswered(Stopwatch.Frequency);
        Assert.Equal(1, tally.Latency.Count);
        Assert.InRange(tally.Latency.Max, 1_000_000_000, 1_010_000_000);
    }

    [Fact]
    public void A_run_with_more_errors_than_allowed_is_given_up()
    {
        using var window = new MeasuredWindow(total: 0);
        var tally = new Tally(window, maxErrors: 2);
        tally.RecordError("first");
        tally.RecordError("second");
        Assert.Contains("first", Assert.Throws<BenchmarkException>(() => tally.RecordError("third")).Message, StringComparison.Ordinal);
    }
}
