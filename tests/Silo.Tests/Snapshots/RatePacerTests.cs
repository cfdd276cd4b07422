using Krewe.Silo.Snapshots;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Snapshots;

public sealed class RatePacerTests
{
    [Fact]
    public void Bytes_are_spread_over_time()
    {
        var time = new FakeTimeProvider();
        var pacer = new RatePacer(1_000, time);
        var sent = 0;
        var until = TimeSpan.FromSeconds(10);
        for (var now = TimeSpan.Zero; now < until;)
        {
            var wait = pacer.Take(100);
            time.Advance(wait);
            now += wait;
            sent += 100;
        }

        Assert.InRange(sent, 10_000, 10_200);
    }

    [Fact]
    public void A_pause_does_not_save_up_a_burst()
    {
        var time = new FakeTimeProvider();
        var pacer = new RatePacer(1_000, time);
        pacer.Take(100);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, pacer.Take(100));
        Assert.True(pacer.Take(100) >= TimeSpan.FromMilliseconds(70));
    }
}
