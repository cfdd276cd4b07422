using System.Diagnostics;
using Krewe.Benchmarks.Failover;

namespace Krewe.Benchmarks.Tests.Failover;

public sealed class OutageTimesTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;
    private readonly OutageTimes _times = new();

    [Fact]
    public void It_lasts_from_the_fault_to_the_first_put_that_was_sent_after_it()
    {
        Fault();
        Acknowledged(150, 900);
        Acknowledged(120, 950);
        Event(150, 890);
        Assert.Equal(new Outage(800, 795), _times.Outage);
        Assert.True(_times.Over.IsCompleted);
    }

    [Fact]
    public void Puts_that_were_sent_before_the_fault_was_complete_do_not_end_it()
    {
        Fault();
        Acknowledged(105, 300);
        Event(105, 300);
        Assert.Null(_times.Outage);
        Assert.False(_times.Over.IsCompleted);
        Acknowledged(200, 1000);
        Assert.Null(_times.Outage);
        Event(200, 1001);
        // From 95 to 300 and from 300 to 1001 it was silent.
        Assert.Equal(new Outage(900, 701), _times.Outage);
    }

    [Fact]
    public void Late_events_of_old_puts_do_not_shorten_the_gap()
    {
        Fault();
        Event(98, 1100);
        Event(104, 1101);
        Event(110 + 1, 1102);
        Acknowledged(111, 1103);
        Assert.Equal(1005, _times.Outage!.WatchGap, 3);
    }

    [Fact]
    public void Silence_before_the_fault_does_not_count()
    {
        Event(1, 2);
        Fault();
        Event(120, 130);
        Acknowledged(120, 131);
        Assert.Equal(35, _times.Outage!.WatchGap, 3);
    }

    // The last event is at 95, the fault from 100 to 110.
    private void Fault()
    {
        Event(90, 95);
        _times.FaultStarts(100 * Millisecond);
        _times.FaultComplete(110 * Millisecond);
    }

    private void Acknowledged(long sentAt, long now) => _times.Acknowledged(sentAt * Millisecond, now * Millisecond);

    private void Event(long sentAt, long now) => _times.Event(sentAt * Millisecond, now * Millisecond);
}
