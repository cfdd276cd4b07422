using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Replication;

public sealed class PeerActivityTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<ProgressStatus> _status = [];
    private readonly PeerActivity _activity;

    public PeerActivityTests() => _activity = new PeerActivity(() => _status.ToArray(), _time, TimeSpan.FromSeconds(2));

    [Fact]
    public void A_member_is_active_since_it_is_heard_without_a_break()
    {
        Hear(true);
        Pass(1);
        Pass(2);
        Assert.Equal(TimeSpan.FromSeconds(3), _activity.ActiveFor(2));

        Hear(false);
        Pass(1);
        Assert.NotNull(_activity.ActiveFor(2));
        Pass(2);
        Assert.Null(_activity.ActiveFor(2));

        Hear(true);
        Assert.Equal(TimeSpan.Zero, _activity.ActiveFor(2));
    }

    [Fact]
    public void Whom_the_leader_never_heard_and_who_is_no_member_any_more_is_not_active()
    {
        _status.Add(new ProgressStatus(3, false, ProgressState.Probe, 0, 1, 0, RecentActive: true, 0));
        Hear(true);
        Assert.Null(_activity.ActiveFor(3));

        _status.Clear();
        _activity.Observe();
        Assert.Null(_activity.ActiveFor(2));
    }

    private void Hear(bool active)
    {
        _status.RemoveAll(s => s.Id == 2);
        _status.Add(new ProgressStatus(2, false, ProgressState.Replicate, 5, 6, 0, active, 0));
        _activity.Observe();
    }

    private void Pass(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _activity.Observe();
    }
}
