using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Reads;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Reads;

/// <summary>Behaviours 117-137, as far as catching up from the store goes.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void B117_B129_B131_the_past_is_what_was_published()
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Do(new TxnRequest { Success = [Put("b", "2"), Delete("a"), Put("c", "3")] });
        _keyspace.Do(Put("b", "4"));
        Assert.Equal(Describe.Events(_keyspace.Sink.Published), Describe.Events(_keyspace.History(1)));
        Assert.Equal(
            "3: P b=2(c3 m3 v1 l0) prev=-, D a=(c0 m3 v0 l0) prev=a=1(c2 m2 v1 l0), P c=3(c3 m3 v1 l0) prev=-\n"
            + "4: P b=4(c3 m4 v2 l0) prev=b=2(c3 m3 v1 l0)",
            Describe.Events(_keyspace.History(3)));
    }

    [Fact]
    public void Only_events_of_the_interval_are_read()
    {
        _keyspace.Do(new TxnRequest { Success = [Put("a"), Put("b"), Put("c")] });
        _keyspace.Do(Put("z"));
        Assert.Equal("2: P b=v(c2 m2 v1 l0) prev=-", Describe.Events(_keyspace.History(1, "b", "")));
        Assert.Equal([2L, 3L], _keyspace.History(1, "c", "\0").Select(events => events.Revision));
    }

    [Fact]
    public void B120_B121_a_start_below_the_compaction_revision_is_refused_and_at_it_is_not()
    {
        for (int i = 0; i < 5; i++)
        {
            _keyspace.Do(Put("a", $"{i}"));
        }

        _keyspace.Compact(4);
        _keyspace.RemoveCompacted();
        HistoryPage page = _keyspace.State.History(3, long.MaxValue, KeyInterval.All, 100, true);
        Assert.Equal((EtcdError.Compacted, 4), (page.Error, page.CompactRevision));
        Assert.Equal(
            "4: P a=2(c2 m4 v3 l0) prev=-\n5: P a=3(c2 m5 v4 l0) prev=a=2(c2 m4 v3 l0)\n6: P a=4(c2 m6 v5 l0) prev=a=3(c2 m5 v4 l0)",
            Describe.Events(_keyspace.History(4)));
    }

    [Fact]
    public void B131_a_compacted_previous_pair_is_absent_also_before_it_is_removed()
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Do(Put("a", "2"));
        _keyspace.Do(Put("a", "3"));
        _keyspace.Compact(3);
        Assert.Equal(
            "3: P a=2(c2 m3 v2 l0) prev=-\n4: P a=3(c2 m4 v3 l0) prev=a=2(c2 m3 v2 l0)", Describe.Events(_keyspace.History(3)));
    }

    [Fact]
    public void B135_pages_hold_whole_revisions_up_to_their_bound()
    {
        _keyspace.Do(new TxnRequest { Success = [Put("a"), Put("b"), Put("c"), Put("d")] });
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a"));
        HistoryPage page = _keyspace.State.History(1, long.MaxValue, KeyInterval.All, 2, false);
        Assert.Equal([4, 1], page.Revisions.Select(events => events.Events.Count));
        Assert.Equal((4, 4), (page.NextRevision, page.CurrentRevision));
        page = _keyspace.State.History(page.NextRevision, long.MaxValue, KeyInterval.All, 2, false);
        Assert.Equal((4, 5), (Assert.Single(page.Revisions).Revision, page.NextRevision));
    }

    [Fact]
    public void An_end_bounds_the_page_and_a_start_in_the_future_gives_nothing()
    {
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a"));
        HistoryPage page = _keyspace.State.History(1, 2, KeyInterval.All, 10, false);
        Assert.Equal((1, 3), (page.Revisions.Count, page.NextRevision));
        page = _keyspace.State.History(7, 9, KeyInterval.All, 10, false);
        Assert.Equal((0, 7), (page.Revisions.Count, page.NextRevision));
    }

    [Fact]
    public void B131_previous_pairs_are_found_later_if_nobody_wanted_them_when_the_event_was_published()
    {
        using var keyspace = new KeyspaceHarness(new KeyspaceOptions { ValueCacheBytes = 0 });
        keyspace.Sink.WantsPrevKv = false;
        keyspace.Do(Put("a", "1"));
        keyspace.Do(Put("a", "2"));
        keyspace.Do(Delete("a"));
        Assert.All(keyspace.Sink.Published, events => Assert.Null(events.Events[0].PrevKv));
        Assert.Equal(
            ["-", "a=1(c2 m2 v1 l0)", "a=2(c2 m3 v2 l0)"],
            keyspace.Sink.Published.Select(events => Describe.Prev(keyspace.State.GetPrevKv(events.Events[0]))));
        keyspace.Sink.WantsPrevKv = true;
        keyspace.Do(Put("a", "3"));
        keyspace.Do(Put("a", "4"));
        Assert.Equal("a=3(c5 m5 v1 l0)", Describe.Prev(keyspace.Sink.Published[^1].Events[0].PrevKv));
        keyspace.Compact(6);
        Assert.Null(keyspace.State.GetPrevKv(keyspace.Sink.Published[1].Events[0]));
    }
}
