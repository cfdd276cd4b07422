using System.Globalization;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Storage;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests.Reads;

/// <summary>Reads beside the installation of a snapshot: another store takes the place of the one that they read.</summary>
public sealed class ReplacedStoreTests
{
    // No values in memory, so that reads need the store.
    private static readonly KeyspaceOptions Options = new() { ValueCacheBytes = 0, ScanChunkKeys = 3 };

    [Fact]
    public async Task A_read_under_way_finishes_in_the_store_before_which_is_released_after_it()
    {
        using var keyspace = new KeyspaceHarness(Options);
        keyspace.Do(Put("a", "old"));
        using var ahead = Ahead(keyspace);
        Task? released = null;
        Assert.True(keyspace.State.WithPinnedView(2, 0, (view, _) =>
        {
            released = keyspace.State.Load(ahead.Store);
            Assert.False(released.IsCompleted);
            Assert.True(view.TryGet("a"u8, 2, out var state));
            return Text(view.Complete(state).Value);
        }, out var value));
        Assert.Equal("old", value);
        await released!.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("new", keyspace.Value("a"));
        Assert.Equal(ahead.State.Revision, keyspace.State.Revision);
        Assert.Equal(ahead.State.AppliedIndex, keyspace.State.AppliedIndex);
        Assert.Equal([1, ahead.State.Revision], keyspace.Sink.Resets);
    }

    [Fact]
    public void Without_reads_the_store_before_is_released_at_once()
    {
        using var keyspace = new KeyspaceHarness(Options);
        using var ahead = Ahead(keyspace);
        Assert.True(keyspace.State.Load(ahead.Store).IsCompleted);
        Assert.True(keyspace.State.Load(ahead.Store.Copy()).IsCompleted);
    }

    [Fact]
    public void B120_what_the_new_state_has_compacted_is_compacted_and_the_latest_state_is_readable()
    {
        using var keyspace = new KeyspaceHarness(Options);
        keyspace.Do(Put("a", "old"));
        using var ahead = Ahead(keyspace);
        ahead.Compact(ahead.State.Revision);
        var stream = keyspace.State.OpenRange(Get("a", "b"), 10, out _)!;
        keyspace.State.Load(ahead.Store);
        Assert.Equal(EtcdError.Compacted, keyspace.State.Range(Get("a", revision: 2)).Error);
        Assert.Equal(EtcdError.Compacted, stream.Next().Error);
        Assert.Equal(EtcdError.Compacted, keyspace.State.History(2, long.MaxValue, KeyInterval.All, 10, withPrevKv: false).Error);
        Assert.Equal("new", keyspace.Value("a"));
    }

    [Fact]
    public void Leases_and_alarms_are_those_of_the_new_state()
    {
        using var keyspace = new KeyspaceHarness(Options);
        keyspace.Append(batch => batch.GrantLease(7, 60));
        keyspace.ApplyAll();
        using var ahead = Ahead(keyspace);
        ahead.Append(batch => batch.RevokeLease(7, out _));
        ahead.Append(batch => batch.GrantLease(8, 60));
        ahead.ApplyAll();
        ahead.Do(Put("l", "v", lease: 8));
        keyspace.State.Load(ahead.Store);
        Assert.False(keyspace.State.Leases.Contains(7));
        Assert.Equal(["l"], keyspace.State.Leases.Keys(8).Select(Text));
    }

    /// <summary>
    /// All keys carry one number in each revision, so a read that mixes states shows at once; the stores before are closed as soon as they are
    /// released, so a read that comes too late fails.
    /// </summary>
    [Fact]
    public async Task Reads_see_one_state_while_stores_take_each_others_place()
    {
        const int Keys = 10;
        using var source = new KeyspaceHarness(Options);
        using var keyspace = new KeyspaceHarness(Options);
        var first = Next(source, 0);
        await keyspace.State.Load(first);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Read(keyspace.State, stop.Token))).ToArray();
        Task released = Task.CompletedTask;
        ClosableStore? before = first;
        for (var round = 1; round < 300 && !readers.Any(r => r.IsFaulted); round++)
        {
            var store = Next(source, round);
            released = keyspace.State.Load(store);
            var old = before;
            _ = released.ContinueWith(_ => old.Close(), TaskScheduler.Default);
            before = store;
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
        await released.WaitAsync(TestContext.Current.CancellationToken);

        static ClosableStore Next(KeyspaceHarness source, int round)
        {
            var value = round.ToString(CultureInfo.InvariantCulture);
            source.Do(new TxnRequest { Success = [.. Enumerable.Range(0, Keys).Select(k => (KvOperation)Put($"k{k}", value))] });
            if (round % 3 == 0)
            {
                source.Compact(source.State.Revision);
                source.RemoveCompacted();
            }

            return new ClosableStore(source.Store.Copy());
        }

        static long Read(KeyspaceState state, CancellationToken stop)
        {
            var reads = 0L;
            do
            {
                var result = (RangeResult)state.Range(Get("k", "l")).Result!;
                Assert.Equal(Keys, result.Kvs.Count);
                Assert.Single(result.Kvs.Select(kv => Text(kv.Value)).Distinct());
                Assert.Equal(EtcdError.None, state.HashKv(0, out var hash));
                Assert.True(hash.CompactRevision <= hash.HashRevision);
                var page = state.History(state.Revision, long.MaxValue, KeyInterval.All, 10, withPrevKv: true);
                Assert.True(page.Error == EtcdError.Compacted || page.Revisions.All(r => r.Events.Count == Keys));
                var at = state.Range(Get("k", "l", state.Revision));
                Assert.True(at.Error == EtcdError.Compacted || ((RangeResult)at.Result!).Kvs.Count == Keys);
                reads++;
            }
            while (!stop.IsCancellationRequested);
            return reads;
        }
    }

    /// <summary>Another member at the same log, some entries ahead.</summary>
    private static KeyspaceHarness Ahead(KeyspaceHarness behind)
    {
        var ahead = new KeyspaceHarness(Options, behind.Store.Copy(), [.. behind.Log]);
        ahead.Do(Put("a", "new"));
        ahead.Do(Put("b", "new"));
        return ahead;
    }
}
