using System.Diagnostics;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Silo.Storage;

namespace Krewe.Silo.Tests.Storage;

public sealed class RocksKeyspaceStoreTests : IDisposable
{
    private static readonly RocksStoreOptions Options = new() { WriteBufferBytes = 1024 * 1024, BlockCacheBytes = 1024 * 1024 };

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_new_store_is_empty_at_index_0()
    {
        using var store = Open();
        Assert.Equal((0UL, 0UL), (store.AppliedIndex, store.DurableIndex));
        Assert.Null(store.Get(StoreTable.Revisions, "key"u8));
        using var rows = store.Iterate(StoreTable.Revisions, default, default);
        Assert.False(rows.MoveNext());
    }

    [Fact]
    public void A_batch_reaches_all_its_tables_and_the_applied_index()
    {
        using var store = Open();
        using var batch = store.CreateBatch();
        foreach (var table in Enum.GetValues<StoreTable>())
        {
            batch.Put(table, "key"u8, [(byte)table]);
            batch.Put(table, "gone"u8, [1]);
            batch.Delete(table, "gone"u8);
        }

        Assert.Equal(24, batch.Count);
        store.Write(batch, 5);
        Assert.Equal(5UL, store.AppliedIndex);
        foreach (var table in Enum.GetValues<StoreTable>())
        {
            Assert.Equal(new[] { (byte)table }, store.Get(table, "key"u8));
            Assert.Null(store.Get(table, "gone"u8));
        }

        batch.Clear();
        Assert.Equal(0, batch.Count);
        batch.Put(StoreTable.Meta, ""u8, ""u8);
        store.Write(batch, 6);
        Assert.Equal(Array.Empty<byte>(), store.Get(StoreTable.Meta, ""u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Write(batch, 5));
    }

    [Fact]
    public void A_walk_gives_the_rows_of_its_range_in_order_as_they_were_when_it_began()
    {
        using var store = Open();
        using var batch = store.CreateBatch();
        foreach (var key in new[] { "b", "d", "a", "c", "cc" })
        {
            batch.Put(StoreTable.Auth, System.Text.Encoding.ASCII.GetBytes(key), "1"u8);
        }

        store.Write(batch, 1);
        Assert.Equal("a b c cc d", Walk(store, "", ""));
        Assert.Equal("b c cc", Walk(store, "b", "d"));
        Assert.Equal("cc d", Walk(store, "ca", ""));
        Assert.Equal("", Walk(store, "b", "b"));

        using var rows = store.Iterate(StoreTable.Auth, "c"u8, default);
        batch.Clear();
        batch.Delete(StoreTable.Auth, "c"u8);
        batch.Put(StoreTable.Auth, "e"u8, "1"u8);
        store.Write(batch, 2);
        store.Flush();
        Assert.True(rows.MoveNext());
        Assert.Equal("c"u8, rows.Key);
        Assert.Equal("1"u8, rows.Value);
        Assert.True(rows.MoveNext() && rows.MoveNext());
        Assert.False(rows.MoveNext());
        Assert.False(rows.MoveNext());
    }

    [Fact]
    public void A_clean_close_keeps_everything()
    {
        using (var store = Open())
        {
            Fill(store, 1, 500);
        }

        using var reopened = Open();
        Assert.Equal((500UL, 500UL), (reopened.AppliedIndex, reopened.DurableIndex));
        StoreScript.AssertIsAtItsIndex(reopened);
    }

    [Fact]
    public void The_durable_index_follows_flushes_whether_asked_for_or_not()
    {
        using var store = Open();
        Fill(store, 1, 10);
        Assert.Equal(0UL, store.DurableIndex);
        Assert.Equal(10UL, store.Flush());
        Assert.Equal(10UL, store.DurableIndex);
        Fill(store, 11, 20);
        Assert.Equal(10UL, store.DurableIndex);

        // Twice the write buffer's size.
        Fill(store, 21, 2_100, valueBytes: 1000);
        Assert.True(SpinWait.SpinUntil(() => store.DurableIndex > 20, TimeSpan.FromSeconds(30)));
        Assert.True(store.DurableIndex <= store.AppliedIndex);
    }

    [Fact]
    public void A_checkpoint_is_whole_and_stays_as_it_is()
    {
        using var store = Open();
        Fill(store, 1, 300);
        var checkpoint = Path.Join(_directory.Root, "snapshots", "1");
        Assert.Equal(300UL, store.Checkpoint(checkpoint));
        Fill(store, 301, 600);
        store.Flush();
        Assert.Throws<StoreFaultException>(() => store.Checkpoint(checkpoint));

        Assert.Equal(300UL, RocksKeyspaceStore.AppliedIndexOf(checkpoint));
        using (var copy = new RocksKeyspaceStore(checkpoint, Options))
        {
            Assert.Equal(300UL, copy.DurableIndex);
            StoreScript.AssertIsAtItsIndex(copy);
        }

        StoreScript.AssertIsAtItsIndex(store);
    }

    [Fact]
    public async Task A_checkpoint_beside_writes_has_the_index_that_it_says()
    {
        using var store = Open();
        var writing = Task.Run(() => Fill(store, 1, 5_000));
        for (var i = 0; i < 5; i++)
        {
            var directory = Path.Join(_directory.Root, $"checkpoint-{i}");
            var applied = store.Checkpoint(directory);
            using var copy = RocksKeyspaceStore.OpenReadOnly(directory);
            Assert.Equal(applied, copy.AppliedIndex);
            StoreScript.AssertIsAtItsIndex(copy);
        }

        await writing;
    }

    [Fact]
    public void A_read_only_store_refuses_writes()
    {
        Open().Dispose();
        using var store = RocksKeyspaceStore.OpenReadOnly(_directory.Store);
        using var batch = store.CreateBatch();
        batch.Put(StoreTable.Meta, "k"u8, "v"u8);
        Assert.Throws<StoreFaultException>(() => store.Write(batch, 1));
        Assert.Equal(0UL, store.AppliedIndex);
    }

    [Fact]
    public async Task Sizes_follow_what_is_written_deleted_and_compacted()
    {
        using var store = new RocksKeyspaceStore(_directory.Store, Options with { WriteBufferBytes = 16 * 1024 * 1024 });
        Assert.InRange(store.SizeBytes, 0, 1024 * 1024);
        using (var batch = store.CreateBatch())
        {
            for (ulong i = 1; i <= 2_000; i++)
            {
                batch.Put(StoreTable.Revisions, StoreScript.Key(i), StoreScript.Value(i, 1000));
            }

            store.Write(batch, 1);
        }

        const long Payload = 2_000 * 1_008;
        Assert.InRange(store.SizeInUseBytes, Payload, Payload * 3 / 2); // still in memory
        store.Flush();
        Assert.InRange(store.SizeInUseBytes, Payload, Payload * 11 / 10);
        Assert.InRange(store.SizeBytes, store.SizeInUseBytes, Payload * 3 / 2);
        Assert.InRange(store.SizeBytes, FileBytes() * 9 / 10, FileBytes() + (1024 * 1024));

        using (var batch = store.CreateBatch())
        {
            for (ulong i = 1; i <= 1_500; i++)
            {
                batch.Delete(StoreTable.Revisions, StoreScript.Key(i));
            }

            store.Write(batch, 2);
        }

        Assert.InRange(store.SizeInUseBytes, Payload / 8, Payload * 3 / 8);
        Assert.True(store.SizeBytes >= Payload);
        store.Flush();
        store.RequestCompaction();
        await store.CompactionDone();
        Assert.InRange(store.SizeInUseBytes, Payload * 9 / 40, Payload * 11 / 40);
        Assert.True(SpinWait.SpinUntil(() => store.SizeBytes < Payload / 2, TimeSpan.FromSeconds(30)), $"{store.SizeBytes}");
    }

    [Fact]
    public void Reopening_in_place_goes_on_from_what_is_there()
    {
        using var store = Open();
        Fill(store, 1, 100);
        Assert.Equal(100UL, store.Reopen());
        StoreScript.AssertIsAtItsIndex(store);
        Fill(store, 101, 200);
        StoreScript.AssertIsAtItsIndex(store);
    }

    [Fact]
    public async Task A_store_that_is_closed_while_it_is_walked_closes_when_the_walk_ends()
    {
        var store = Open();
        Fill(store, 1, 10);
        var rows = store.Iterate(StoreTable.Revisions, default, default);
        var closing = Task.Run(store.Dispose);
        Assert.True(SpinWait.SpinUntil(() => Refuses(store), TimeSpan.FromSeconds(30)));
        var count = 0;
        while (rows.MoveNext())
        {
            count++;
        }

        Assert.Equal(10, count);
        Assert.False(closing.IsCompleted);
        rows.Dispose();
        await closing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_directory_is_locked()
    {
        using var store = Open();
        Assert.False(Assert.Throws<StoreFaultException>(Open).IsDiskFull);
    }

    [Fact]
    public void An_unknown_format_is_refused()
    {
        using (var store = Open())
        {
            using var batch = store.CreateBatch();
            batch.Put(StoreTable.Meta, StoreRows.Format, [99]);
            store.Write(batch, 1);
        }

        Assert.Contains("format 99", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_rows_are_walked_fast_enough_to_build_an_index_at_start()
    {
        const ulong Rows = 1_000_000;
        using var store = new RocksKeyspaceStore(_directory.Store);
        using (var batch = store.CreateBatch())
        {
            var value = new byte[80];
            for (ulong i = 1; i <= Rows; i++)
            {
                batch.Put(StoreTable.Revisions, StoreScript.Key(i), value);
                if (i % 1000 == 0)
                {
                    store.Write(batch, i);
                    batch.Clear();
                }
            }
        }

        store.Flush();
        var watch = Stopwatch.StartNew();
        ulong count = 0;
        using (var rows = store.Iterate(StoreTable.Revisions, default, default))
        {
            while (rows.MoveNext())
            {
                count += rows.Key.Length == 8 && rows.Value.Length == 80 ? 1UL : 0;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} rows in {watch.ElapsedMilliseconds} ms");
        Assert.Equal(Rows, count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}"); // generous: shared machines
    }

    private static string Walk(RocksKeyspaceStore store, string from, string to)
    {
        var keys = new List<string>();
        using var rows = store.Iterate(StoreTable.Auth, System.Text.Encoding.ASCII.GetBytes(from), System.Text.Encoding.ASCII.GetBytes(to));
        while (rows.MoveNext())
        {
            keys.Add(System.Text.Encoding.ASCII.GetString(rows.Key));
        }

        return string.Join(' ', keys);
    }

    private static void Fill(RocksKeyspaceStore store, ulong from, ulong to, int valueBytes = 100)
    {
        using var batch = store.CreateBatch();
        for (var i = from; i <= to; i++)
        {
            StoreScript.Write(store, batch, i, valueBytes);
        }
    }

    private static bool Refuses(RocksKeyspaceStore store)
    {
        try
        {
            store.Get(StoreTable.Meta, "k"u8);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private RocksKeyspaceStore Open() => new(_directory.Store, Options);

    private long FileBytes() => Directory.GetFiles(_directory.Store, "*.sst").Sum(f => new FileInfo(f).Length);
}
