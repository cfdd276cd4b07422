using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Compaction;
using Krewe.Grains.Keyspace.Storage;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Compaction;

/// <summary>Behaviours 97-106.</summary>
public sealed class CompactionBehaviourTests : IDisposable
{
    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void B097_the_newest_version_of_each_key_is_kept()
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Do(Put("a", "2"));
        _keyspace.Do(Put("b", "3"));
        _keyspace.Do(Put("a", "4"));
        _keyspace.Compact(4);
        _keyspace.RemoveCompacted(1);
        Assert.Equal(["3/0", "4/0", "5/0"], Rows());
        Assert.Equal("a=2(c2 m3 v2 l0)", Describe.Kv(_keyspace.Range(Get("a", revision: 4)).Kvs[0]));
        Assert.Equal(EtcdError.Compacted, _keyspace.State.Range(Get("a", revision: 3)).Error);
        _keyspace.Start();
        Assert.Equal("a=4(c2 m5 v3 l0)", Describe.Kv(_keyspace.Range(Get("a")).Kvs[0]));
        Assert.Equal("a=2(c2 m3 v2 l0)", Describe.Kv(_keyspace.Range(Get("a", revision: 4)).Kvs[0]));
    }

    [Fact]
    public void B102_B121_a_tombstone_exactly_at_the_revision_stays_until_the_next_compaction()
    {
        _keyspace.Do(Put("a"));
        _keyspace.Do(Delete("a"));
        _keyspace.Do(Put("b"));
        _keyspace.Compact(3);
        _keyspace.RemoveCompacted();
        Assert.Equal(["3/0t", "4/0"], Rows());
        Assert.Equal("3: D a=(c0 m3 v0 l0) prev=-\n4: P b=v(c4 m4 v1 l0) prev=-", Describe.Events(_keyspace.History(3)));
        _keyspace.Compact(4);
        _keyspace.RemoveCompacted();
        Assert.Equal(["4/0"], Rows());
        Assert.Equal(1, _keyspace.State.View.Index.RecordCount);
    }

    [Fact]
    public void B103_keys_deleted_before_the_revision_disappear()
    {
        _keyspace.Do(Put("a"));
        _keyspace.Do(Put("a"));
        _keyspace.Do(Delete("a"));
        _keyspace.Do(Put("b"));
        _keyspace.Compact(5);
        _keyspace.RemoveCompacted(1);
        Assert.Equal(["5/0"], Rows());
        Assert.Equal(1, _keyspace.State.View.Index.RecordCount);
        Assert.Equal(3, _keyspace.State.Counters.CompactedRows);
        Assert.Equal("put@6 prev=-", Describe.Outcome(_keyspace.Do(Put("a", prevKv: true))));
        Assert.Equal("a=v(c6 m6 v1 l0)", Describe.Kv(_keyspace.Range(Get("a")).Kvs[0]));
    }

    [Fact]
    public void B104_an_unfinished_compaction_goes_on_after_a_restart()
    {
        for (int i = 0; i < 20; i++)
        {
            _keyspace.Do(Put("a", $"{i}"));
        }

        _keyspace.Compact(20);
        Assert.Equal(CompactionProgress.More, _keyspace.State.CompactStep(5));
        _keyspace.Start();
        Assert.Equal((20, -1), (_keyspace.State.CompactRevision, _keyspace.State.FinishedCompactRevision));
        Assert.Equal(EtcdError.Compacted, _keyspace.State.Range(Get("a", revision: 19)).Error);
        _keyspace.RemoveCompacted(5);
        Assert.Equal(["20/0", "21/0"], Rows());
        Assert.Equal(20, _keyspace.State.FinishedCompactRevision);
        _keyspace.Start();
        Assert.Equal(CompactionProgress.Finished, _keyspace.State.CompactStep(5));
    }

    [Fact]
    public void B104_a_compaction_that_is_overtaken_by_another_is_finished_with_it()
    {
        for (int i = 0; i < 10; i++)
        {
            _keyspace.Do(Put("a", $"{i}"));
            _keyspace.Do(Put($"k{i}"));
            _keyspace.Do(Delete($"k{i}"));
        }

        _keyspace.Compact(10);
        _keyspace.State.CompactStep(4);
        _keyspace.Compact(30);
        _keyspace.RemoveCompacted(4);
        Assert.Equal(["29/0", "30/0", "31/0t"], Rows());
    }

    [Fact]
    public void B014_the_revision_stays_when_compaction_removes_the_last_rows()
    {
        _keyspace.Do(Put("a"));
        _keyspace.Do(Delete("a"));
        _keyspace.Compact(3);
        _keyspace.RemoveCompacted();
        _keyspace.Start();
        Assert.Equal(3, _keyspace.State.Revision);
        Assert.Equal(4, _keyspace.Do<PutResult>(Put("a")).Revision);
    }

    [Fact]
    public void Removal_waits_for_reads_below_the_revision()
    {
        for (int i = 0; i < 5; i++)
        {
            _keyspace.Do(Put("a", $"{i}"));
        }

        _keyspace.State.WithPinnedView(3, 0, (_, _) =>
        {
            _keyspace.Compact(5);
            Assert.Equal(CompactionProgress.Waiting, _keyspace.State.CompactStep(100));
            Assert.Equal(EtcdError.Compacted, _keyspace.State.Range(Get("a", revision: 3)).Error);
            return 0;
        }, out _);
        Assert.Equal(CompactionProgress.Finished, _keyspace.State.CompactStep(100));
        Assert.Equal(["5/0", "6/0"], Rows());
    }

    [Fact]
    public void One_step_over_a_hot_key_deletes_each_row_once()
    {
        for (int i = 0; i < 50; i++)
        {
            _keyspace.Do(Put("hot", $"{i}"));
        }

        _keyspace.Compact(51);
        Assert.Equal(CompactionProgress.Finished, _keyspace.State.CompactStep(1000));
        Assert.Equal(["51/0"], Rows());
        Assert.Equal(49, _keyspace.State.Counters.CompactedRows);

        // And the mark that the compaction is finished.
        Assert.Equal(49 + 1, _keyspace.Store.LastBatchChanges);
    }

    [Fact]
    public void A_store_that_fails_during_removal_is_tried_again()
    {
        for (int i = 0; i < 10; i++)
        {
            _keyspace.Do(Put("a", $"{i}"));
            _keyspace.Do(Put("b", $"{i}"));
        }

        _keyspace.Compact(20);
        _keyspace.State.CompactStep(3);
        _keyspace.Store.FailNextWrites(1);
        Assert.Throws<StoreFaultException>(() => _keyspace.State.CompactStep(3));
        _keyspace.RemoveCompacted(3);
        Assert.Equal(["19/0", "20/0", "21/0"], Rows());
    }

    private List<string> Rows()
    {
        List<string> rows = [];
        using IStoreIterator iterator = _keyspace.Store.Iterate(StoreTable.Revisions, default, default);
        while (iterator.MoveNext())
        {
            Assert.True(RevisionKey.TryRead(iterator.Key, out long main, out int sub, out bool isTombstone));
            rows.Add($"{main}/{sub}{(isTombstone ? "t" : "")}");
        }

        return rows;
    }
}
