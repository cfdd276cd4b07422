using System.Globalization;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Reads;
using static Krewe.Keyspace.Tests.KeyspaceHarness;

namespace Krewe.Keyspace.Tests;

/// <summary>
/// Readers beside the apply thread. Every transaction writes the same number to all keys of a set whose size changes, so any read that
/// mixes two revisions shows at once.
/// </summary>
public sealed class ConcurrentReadTests
{
    private const int Rounds = 5000;
    private const int MaxKeys = 24;

    [Theory]
    [InlineData(0)]
    [InlineData(2048)]
    [InlineData(1 << 20)]
    public async Task Reads_are_atomic_while_entries_are_applied_and_compacted(int cacheBytes)
    {
        using var keyspace = new KeyspaceHarness(
            new KeyspaceOptions { ScanChunkKeys = 3, ApplyChunkChanges = 5, ValueCacheBytes = cacheBytes, ValueChunkBytes = 512, LargeValueBytes = 256 });
        keyspace.Do(Round(0));
        using var stop = new CancellationTokenSource();
        Task<long>[] readers =
        [
            Task.Run(() => ReadLatest(keyspace.State, stop.Token), TestContext.Current.CancellationToken),
            Task.Run(() => ReadPast(keyspace.State, stop.Token), TestContext.Current.CancellationToken),
            Task.Run(() => ReadStreams(keyspace.State, stop.Token), TestContext.Current.CancellationToken),
            Task.Run(() => ReadHistory(keyspace.State, stop.Token), TestContext.Current.CancellationToken),
        ];
        for (int round = 1; round < Rounds && !readers.Any(reader => reader.IsFaulted); round++)
        {
            keyspace.Append(batch => batch.Evaluate(Round(round)));
            if (round % 3 == 0)
            {
                keyspace.ApplyAll();
            }

            if (round % 10 == 0)
            {
                keyspace.Compact(keyspace.State.Revision - 5);
            }

            keyspace.State.CompactStep(20);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
        Assert.Equal(0, keyspace.State.PinnedReads);
    }

    // Writes the round's number to keys 0 to n - 1 and deletes the rest; n follows from the number.
    private static TxnRequest Round(int round)
    {
        int count = CountOf(round);
        List<KvOperation> operations = [];
        string value = round.ToString(CultureInfo.InvariantCulture).PadRight(40);
        for (int i = 0; i < count; i++)
        {
            operations.Add(Put($"k{i:d2}", value));
        }

        operations.Add(Delete($"k{count:d2}", "l"));
        return new TxnRequest { Success = operations };
    }

    private static int CountOf(int round) => 1 + (round * 7 % MaxKeys);

    private static void Check(RangeResult result)
    {
        int round = int.Parse(Text(result.Kvs[0].Value), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        Check(result.Kvs, result.Count, round);
    }

    private static void Check(IReadOnlyList<KeyValue> kvs, long count, int round)
    {
        string value = round.ToString(CultureInfo.InvariantCulture).PadRight(40);
        Assert.Equal(CountOf(round), count);
        Assert.Equal(CountOf(round), kvs.Count);
        Assert.All(kvs, kv => Assert.Equal(value, Text(kv.Value)));
        Assert.All(kvs, kv => Assert.Equal(round + 2, kv.ModRevision));
    }

    private static long ReadLatest(KeyspaceState state, CancellationToken stop)
    {
        long reads = 0;
        long last = 0;
        do
        {
            long before = state.Revision;
            KvOutcome outcome = state.Range(Get("k", "l"));
            var result = (RangeResult)outcome.Result!;
            Assert.True(result.Revision >= before && result.Revision >= last);
            last = result.Revision;
            Assert.Equal(result.Revision, result.Kvs[0].ModRevision);
            Check(result);
            Assert.NotNull(((RangeResult)state.Range(Get("k00")).Result!).Kvs.Array);
            var txn = (TxnResult)state.ReadTxn(new TxnRequest { Success = [Get("k", "l"), Get("k00")] }).Result!;
            Check((RangeResult)txn.Responses[0]);
            Assert.Equal(txn.Revision, ((RangeResult)txn.Responses[1]).Kvs[0].ModRevision);
            reads++;
        }
        while (!stop.IsCancellationRequested);
        return reads;
    }

    private static long ReadPast(KeyspaceState state, CancellationToken stop)
    {
        long reads = 0;
        do
        {
            long revision = Math.Max(2, state.Revision - (reads % 8));
            KvOutcome outcome = state.Range(Get("k", "l", revision));
            if (outcome.Error == EtcdError.None)
            {
                Check(((RangeResult)outcome.Result!).Kvs, ((RangeResult)outcome.Result!).Count, (int)revision - 2);
            }
            else
            {
                Assert.Equal(EtcdError.Compacted, outcome.Error);
                Assert.True(revision < state.CompactRevision);
            }

            Assert.Equal(EtcdError.None, state.HashKv(0, out _));
            reads++;
        }
        while (!stop.IsCancellationRequested);
        return reads;
    }

    private static long ReadStreams(KeyspaceState state, CancellationToken stop)
    {
        long reads = 0;
        do
        {
            RangeStreamReader reader = state.OpenRange(Get("k", "l"), 200, out _)!;
            List<KeyValue> kvs = [];
            KvOutcome outcome = default;
            while (!reader.IsDone)
            {
                outcome = reader.Next();
                if (outcome.Result is RangeResult chunk)
                {
                    kvs.AddRange(chunk.Kvs);
                }
            }

            if (outcome.Result is RangeResult last)
            {
                Check(kvs, last.Count, (int)last.Revision - 2);
            }
            else
            {
                Assert.Equal(EtcdError.Compacted, outcome.Error);
            }

            reads++;
        }
        while (!stop.IsCancellationRequested);
        return reads;
    }

    private static long ReadHistory(KeyspaceState state, CancellationToken stop)
    {
        long reads = 0;
        do
        {
            long from = Math.Max(2, state.Revision - 3);
            HistoryPage page = state.History(from, long.MaxValue, KeyInterval.All, 100, withPrevKv: true);
            if (page.Error == EtcdError.None)
            {
                Assert.Equal(Enumerable.Range(0, page.Revisions.Count).Select(i => from + i), page.Revisions.Select(events => events.Revision));
                Assert.True(page.NextRevision > page.CurrentRevision || page.Revisions.Count > 0);
                foreach (var events in page.Revisions.Where(events => events.Revision > page.CompactRevision))
                {
                    int round = (int)events.Revision - 2;
                    Assert.Equal(CountOf(round), events.Events.Count(change => !change.IsDelete));
                    Assert.All(events.Events, change => Assert.True(change.PrevKv is null || change.PrevKv.Value.ModRevision == events.Revision - 1));
                }
            }

            reads++;
        }
        while (!stop.IsCancellationRequested);
        return reads;
    }
}
