using Krewe.Grains.Keyspace.Index;

namespace Krewe.Keyspace.Tests.Index;

public sealed class KeyRecordTests
{
    [Fact]
    public void Reads_at_every_revision_see_the_version_of_that_time()
    {
        KeyRecord record = Lives();
        Assert.False(record.TryGetAt(1, out _));
        Assert.Equal(2, At(record, 2).Main);
        Assert.Equal(2, At(record, 3).Main);
        Assert.Equal(4, At(record, 5).Main);
        Assert.False(record.TryGetAt(6, out _));
        Assert.False(record.TryGetAt(7, out _));
        Assert.Equal((8, 8, 1), (At(record, 8).Main, At(record, 8).Create, At(record, 8).Version));
        Assert.Equal((9, 8, 2), (At(record, 99).Main, At(record, 99).Create, At(record, 99).Version));
    }

    [Fact]
    public void The_last_of_several_changes_at_one_revision_wins()
    {
        var record = new KeyRecord([1]);
        record.Put(2, 0, 2, 1, 0, default);
        record.Delete(2, 1);
        record.Put(2, 2, 2, 1, 0, default);
        record.Put(3, 0, 2, 2, 0, default);
        Assert.Equal(2, At(record, 2).Sub);
    }

    [Fact]
    public void Dropping_takes_the_oldest_versions_and_leaves_the_rest_readable()
    {
        KeyRecord record = Lives();
        Assert.True(record.TryDropBefore(6, 0, out HistoricVersion first));
        Assert.True(record.TryDropBefore(6, 0, out HistoricVersion second));
        Assert.False(record.TryDropBefore(6, 0, out _));
        Assert.Equal((2, 4), (first.Main, second.Main));
        Assert.True(record.TryDropTombstone(6, 0));
        Assert.Equal(8, At(record, 8).Main);
        Assert.False(record.IsEmpty);
    }

    [Fact]
    public void A_record_whose_last_tombstone_is_dropped_is_empty()
    {
        var record = new KeyRecord([1]);
        record.Put(2, 0, 2, 1, 0, default);
        record.Delete(3, 0);
        Assert.False(record.TryDropTombstone(3, 0));
        Assert.True(record.TryDropBefore(3, 0, out _));
        Assert.False(record.IsEmpty);
        Assert.True(record.TryDropTombstone(3, 0));
        Assert.True(record.IsEmpty);
    }

    [Fact]
    public void A_long_history_shrinks_as_it_is_dropped()
    {
        var record = new KeyRecord([1]);
        for (int i = 2; i < 1002; i++)
        {
            record.Put(i, 0, 2, i - 1, 0, default);
        }

        for (int revision = 3; revision < 1001; revision++)
        {
            Assert.True(record.TryDropBefore(revision, 0, out HistoricVersion dropped));
            Assert.Equal(revision - 1, dropped.Main);
            Assert.Equal(revision, At(record, revision).Main);
        }

        Assert.Equal(1, record.HistoryCount);
    }

    // Put at 2 and 4, deleted at 6, put again at 8 and 9.
    private static KeyRecord Lives()
    {
        var record = new KeyRecord([1]);
        record.Put(2, 0, 2, 1, 0, default);
        record.Put(4, 0, 2, 2, 0, default);
        record.Delete(6, 0);
        record.Put(8, 0, 8, 1, 0, default);
        record.Put(9, 0, 8, 2, 0, default);
        return record;
    }

    private static KeyState At(KeyRecord record, long revision)
    {
        Assert.True(record.TryGetAt(revision, out KeyState state));
        return state;
    }
}
