using Krewe.Api.Hosting.Keepalive;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Api.Tests.Hosting.Keepalive;

/// <summary>Behaviour 342.</summary>
public sealed class PingPolicyTests
{
    private static readonly TimeSpan MinTime = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly PingPolicy _policy;

    public PingPolicyTests() => _policy = new PingPolicy(MinTime, _time);

    [Fact]
    public void The_third_early_ping_after_the_first_is_one_too_many() =>
        Assert.Equal([true, true, true, false], Pings(4, TimeSpan.FromSeconds(1), hasStreams: true));

    [Fact]
    public void Pings_at_the_least_interval_are_welcome_forever() =>
        Assert.DoesNotContain(false, Pings(100, MinTime, hasStreams: true));

    [Fact]
    public void Without_streams_no_ping_is_due_for_hours()
    {
        Assert.Equal([true, true, true, false], Pings(4, MinTime, hasStreams: false));
        _policy.Forgive();
        Assert.DoesNotContain(false, Pings(10, PingPolicy.IdleMinTime, hasStreams: false));
    }

    [Fact]
    public void What_the_server_sends_forgives_all_strikes()
    {
        Assert.Equal([true, true, true], Pings(3, TimeSpan.Zero, hasStreams: true));
        _policy.Forgive();
        Assert.Equal([true, true, true, false], Pings(4, TimeSpan.Zero, hasStreams: true));
    }

    private List<bool> Pings(int count, TimeSpan interval, bool hasStreams)
    {
        var allowed = new List<bool>();
        for (var i = 0; i < count; i++)
        {
            allowed.Add(_policy.Allows(hasStreams));
            _time.Advance(interval);
        }

        return allowed;
    }
}
