using Krewe.Silo.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Hosting;

public sealed class SiloRestartsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SiloRestartOptions _options = new() { MaxRestarts = 8 };
    private readonly SiloRestarts _restarts;

    public SiloRestartsTests() => _restarts = new SiloRestarts(_options, _time);

    [Fact]
    public void The_first_comes_at_once_and_the_next_ones_after_pauses_that_double()
    {
        var seconds = Enumerable.Range(0, _options.MaxRestarts).Select(_ => Next().TotalSeconds).ToArray();
        Assert.Equal([0, 1, 2, 4, 8, 16, 30, 30], seconds);
        Assert.False(_restarts.TryNext(LongAgo(), out _));
    }

    [Fact]
    public void What_lies_behind_the_window_does_not_count()
    {
        for (var i = 0; i < _options.MaxRestarts; i++)
        {
            Next();
        }

        _time.Advance(_options.Window + TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, Next());
    }

    /// <summary>Two silos at one address must differ in their generation, which counts seconds.</summary>
    [Fact]
    public void A_silo_that_lived_for_a_moment_is_followed_a_second_after_its_start()
    {
        var startedAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.True(_restarts.TryNext(startedAt, out var delay));
        Assert.Equal(TimeSpan.FromMilliseconds(700), delay);
    }

    private long LongAgo() => _time.GetTimestamp() - (60 * _time.TimestampFrequency);

    private TimeSpan Next()
    {
        Assert.True(_restarts.TryNext(LongAgo(), out var delay));
        return delay;
    }
}
