using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Reads;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Reads;

/// <summary>Behaviours 1-52, one by one.</summary>
public sealed class RangeBehaviourTests : IDisposable
{
    private readonly KeyspaceHarness _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void B001_an_empty_store_has_revision_1_and_the_first_change_gets_2()
    {
        Assert.Equal(1, _keyspace.Range(Get("a")).Revision);
        Assert.Equal(2, _keyspace.Do<PutResult>(Put("a")).Revision);
        Assert.Equal(2, _keyspace.State.Revision);
    }

    [Fact]
    public void B011_the_header_has_the_current_revision_also_for_reads_of_the_past()
    {
        Fill("a", "b");
        Assert.Equal(3, _keyspace.Range(Get("a", revision: 2)).Revision);
    }

    [Fact]
    public void B016_to_B018_intervals()
    {
        Fill("a", "b", "c", "\u00ff\u00ff");
        Assert.Equal("b", _keyspace.Keys(Get("b")));
        Assert.Equal("b,c,\u00ff\u00ff", _keyspace.Keys(Get("b", "\0")));
        Assert.Equal("a,b,c,\u00ff\u00ff", _keyspace.Keys(Get("\0", "\0")));
        Assert.Equal("a,b", _keyspace.Keys(Get("a", "c")));
        Assert.Equal("", _keyspace.Keys(Get("c", "a")));
        Assert.Equal("", _keyspace.Keys(Get("b", "b")));
    }

    [Theory]
    [InlineData(0, "a,b,c", false)]
    [InlineData(-3, "a,b,c", false)]
    [InlineData(2, "a,b", true)]
    [InlineData(3, "a,b,c", false)]
    [InlineData(4, "a,b,c", false)]
    public void B021_to_B023_limit_more_and_count(long limit, string keys, bool more)
    {
        Fill("a", "b", "c");
        RangeResult result = _keyspace.Range(new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("\0"), Limit = limit });
        Assert.Equal(keys, string.Join(',', result.Kvs.Select(kv => Text(kv.Key))));
        Assert.Equal((more, 3), (result.More, result.Count));
    }

    [Fact]
    public void B024_count_only_wins_over_limit_and_keys_only()
    {
        Fill("a", "b", "c");
        RangeResult result = _keyspace.Range(
            new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("\0"), CountOnly = true, KeysOnly = true, Limit = 1 });
        Assert.Equal((0, 3, false), (result.Kvs.Count, result.Count, result.More));
    }

    [Fact]
    public void B025_B026_keys_only_has_no_value_and_no_lease_unless_sorted_by_value()
    {
        _keyspace.Append(batch => batch.GrantLease(7, 60));
        _keyspace.Do(Put("a", "zz", lease: 7));
        _keyspace.Do(Put("b", "yy", lease: 7));
        Assert.Equal("a=(c2 m2 v1 l0)", Describe.Kv(_keyspace.Range(new RangeRequest { Key = Bytes("a"), KeysOnly = true }).Kvs[0]));

        RangeResult byValue = _keyspace.Range(
            new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), KeysOnly = true, SortTarget = SortTarget.Value });
        Assert.Equal("b=(c3 m3 v1 l7) a=(c2 m2 v1 l7)", string.Join(' ', byValue.Kvs.Select(kv => Describe.Kv(kv))));
    }

    [Theory]
    [InlineData(SortOrder.None, SortTarget.Key, 0, "a,b,c")]
    [InlineData(SortOrder.Descend, SortTarget.Key, 0, "c,b,a")]
    [InlineData(SortOrder.Descend, SortTarget.Key, 2, "c,b")]
    [InlineData(SortOrder.Ascend, SortTarget.Mod, 0, "b,c,a")]
    [InlineData(SortOrder.Descend, SortTarget.Create, 1, "c")]
    [InlineData(SortOrder.Ascend, SortTarget.Value, 0, "c,b,a")]
    [InlineData(SortOrder.Descend, SortTarget.Version, 1, "a")]
    [InlineData(SortOrder.None, SortTarget.Mod, 0, "b,c,a")]
    [InlineData(SortOrder.None, SortTarget.Version, 1, "b")]
    public void B027_to_B031_orders(SortOrder order, SortTarget target, long limit, string keys)
    {
        _keyspace.Do(Put("a", "1"));
        _keyspace.Do(Put("b", "2"));
        _keyspace.Do(Put("c", "1"));
        _keyspace.Do(Put("a", "3"));
        Assert.Equal(keys, _keyspace.Keys(new RangeRequest
        {
            Key = Bytes("a"),
            RangeEnd = Bytes("z"),
            SortOrder = order,
            SortTarget = target,
            Limit = limit,
        }));
    }

    [Fact]
    public void B033_B034_filters_are_inclusive_and_more_counts_what_passes()
    {
        Fill("a", "b", "c", "d");
        RangeResult result = _keyspace.Range(
            new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), MinModRevision = 3, MaxModRevision = 4, Limit = 1 });
        Assert.Equal(("b", true, 4), (Text(result.Kvs[0].Key), result.More, result.Count));
        result = _keyspace.Range(new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), MinCreateRevision = 5, MaxCreateRevision = 5 });
        Assert.Equal(("d", false, 4), (Text(Assert.Single(result.Kvs).Key), result.More, result.Count));
    }

    [Fact]
    public void B035_to_B037_revisions_that_can_be_read()
    {
        Fill("a", "b", "c");
        _keyspace.Compact(3);
        Assert.Equal(3, _keyspace.Range(Get("a", "z", -5)).Count);
        Assert.Equal(EtcdError.FutureRevision, _keyspace.State.Range(Get("a", revision: 5)).Error);
        Assert.Equal(EtcdError.Compacted, _keyspace.State.Range(Get("a", revision: 2)).Error);
        Assert.Equal("a,b", _keyspace.Keys(Get("a", "z", 3)));
    }

    [Fact]
    public void B038_the_past_is_read_with_its_values_versions_and_leases()
    {
        _keyspace.Append(batch => batch.GrantLease(9, 60));
        _keyspace.Do(Put("a", "one", lease: 9));
        _keyspace.Do(Put("a", "two"));
        _keyspace.Do(Delete("a"));
        _keyspace.Do(Put("a", "three"));
        Assert.Equal("a=one(c2 m2 v1 l9)", Describe.Kv(_keyspace.Range(Get("a", revision: 2)).Kvs[0]));
        Assert.Equal("a=two(c2 m3 v2 l0)", Describe.Kv(_keyspace.Range(Get("a", revision: 3)).Kvs[0]));
        Assert.Equal(0, _keyspace.Range(Get("a", revision: 4)).Count);
        Assert.Equal("a=three(c5 m5 v1 l0)", Describe.Kv(_keyspace.Range(Get("a", revision: 5)).Kvs[0]));
    }

    [Fact]
    public void B042_a_single_key_counts_0_or_1()
    {
        Fill("a");
        Assert.Equal(1, _keyspace.Range(Get("a")).Count);
        Assert.Equal(0, _keyspace.Range(Get("b")).Count);
    }

    [Fact]
    public void B044_to_B047_a_stream_keeps_its_revision_while_keys_are_written()
    {
        for (int i = 0; i < 25; i++)
        {
            _keyspace.Do(Put($"k{i:d2}"));
        }

        RangeStreamReader reader = _keyspace.State.OpenRange(Get("k", "l"), 1 << 20, out _)!;
        var first = Assert.IsType<RangeResult>(reader.Next().Result);
        Assert.Equal((10, 0, 0), (first.Kvs.Count, first.Revision, first.Count));
        _keyspace.Do(Put("k00a"));
        _keyspace.Do(Delete("k20"));
        var last = Assert.IsType<RangeResult>(reader.Next().Result);
        Assert.True(reader.IsDone);
        Assert.Equal((15, 26, 25, false), (last.Kvs.Count, last.Revision, last.Count, last.More));
    }

    [Fact]
    public void B048_chunks_halve_when_they_are_too_large()
    {
        for (int i = 0; i < 30; i++)
        {
            _keyspace.Do(Put($"k{i:d2}", new string('x', 100)));
        }

        RangeStreamReader reader = _keyspace.State.OpenRange(Get("k", "l"), 100, out _)!;
        List<int> sizes = [];
        while (!reader.IsDone)
        {
            sizes.Add(((RangeResult)reader.Next().Result!).Kvs.Count);
        }

        Assert.Equal([10, 5, 2, 1], sizes[..4]);
        Assert.Equal(30, sizes.Sum());
    }

    [Fact]
    public void B049_a_compaction_that_passes_a_stream_ends_it()
    {
        for (int i = 0; i < 25; i++)
        {
            _keyspace.Do(Put($"k{i:d2}"));
        }

        RangeStreamReader reader = _keyspace.State.OpenRange(Get("k", "l"), 1 << 20, out _)!;
        Assert.Equal(EtcdError.None, reader.Next().Error);
        _keyspace.Do(Put("other"));
        _keyspace.Compact(27);
        _keyspace.RemoveCompacted();
        Assert.Equal(EtcdError.Compacted, reader.Next().Error);
        Assert.True(reader.IsDone);
    }

    [Fact]
    public void B051_B052_count_only_and_empty_streams_have_one_chunk()
    {
        Fill("a", "b");
        RangeStreamReader counting = _keyspace.State.OpenRange(
            new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), CountOnly = true }, 1000, out _)!;
        Assert.Equal("range@3 count=2 more=False []", Describe.Outcome(counting.Next()));
        Assert.True(counting.IsDone);
        RangeStreamReader empty = _keyspace.State.OpenRange(Get("x", "y"), 1000, out _)!;
        Assert.Equal("range@3 count=0 more=False []", Describe.Outcome(empty.Next()));
        Assert.True(empty.IsDone);
    }

    [Fact]
    public void Reads_of_the_applied_state_do_not_see_what_is_only_appended()
    {
        _keyspace.Append(batch => batch.Evaluate(Put("a")));
        Assert.Equal((0, 1), (_keyspace.Range(Get("a")).Kvs.Count, _keyspace.Range(Get("a")).Revision));
        _keyspace.ApplyAll();
        Assert.Single(_keyspace.Range(Get("a")).Kvs);
    }

    private void Fill(params string[] keys)
    {
        foreach (string key in keys)
        {
            _keyspace.Do(Put(key, key));
        }
    }
}
