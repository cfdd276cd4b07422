using Krewe.Grains.Keyspace.Storage;
using Krewe.Silo.Storage;
using Krewe.Testing.Disk;

namespace Krewe.Silo.Tests.Storage;

public sealed class StoreFullDiskTests : IDisposable
{
    private const int ValueBytes = 4_000;

    private static readonly RocksStoreOptions Options = new() { WriteBufferBytes = 512 * 1024, BlockCacheBytes = 1024 * 1024 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_full_disk_refuses_writes_loses_nothing_and_the_store_goes_on_when_there_is_space()
    {
        using var mount = TmpfsMount.TryCreate(_directory.Root, "16m");
        Assert.SkipWhen(mount is null, "mounting a small tmpfs needs root");
        var filler = Path.Join(_directory.Root, "filler");
        File.WriteAllBytes(filler, new byte[8 * 1024 * 1024]);
        using var store = new RocksKeyspaceStore(_directory.Store, Options);
        using var batch = store.CreateBatch();

        var fault = WriteUntilFault(store, batch);
        Assert.True(fault.IsDiskFull, fault.Message);
        var applied = store.AppliedIndex;
        Assert.True(store.DurableIndex < applied);
        AssertHasAll(store, applied);
        Assert.True(Assert.Throws<StoreFaultException>(() => store.Flush()).IsDiskFull);

        File.Delete(filler);
        Assert.True(SpinWait.SpinUntil(() => TryWrite(store, batch, applied + 1), Patience), "the store did not recover");
        Assert.Equal(applied + 1, store.Flush());
        AssertHasAll(store, applied + 1);
    }

    [Fact]
    public void Reopening_on_a_full_disk_goes_back_to_the_durable_index()
    {
        using var mount = TmpfsMount.TryCreate(_directory.Root, "16m");
        Assert.SkipWhen(mount is null, "mounting a small tmpfs needs root");
        var filler = Path.Join(_directory.Root, "filler");
        File.WriteAllBytes(filler, new byte[8 * 1024 * 1024]);
        using var store = new RocksKeyspaceStore(_directory.Store, Options);
        using var batch = store.CreateBatch();
        WriteUntilFault(store, batch);
        var durable = store.DurableIndex;
        File.Delete(filler);
        var reopened = store.Reopen();
        Assert.InRange(reopened, durable, ulong.MaxValue);
        AssertHasAll(store, reopened);
        Write(store, batch, reopened + 1);
        AssertHasAll(store, reopened + 1);
    }

    private static StoreFaultException WriteUntilFault(RocksKeyspaceStore store, IStoreBatch batch)
    {
        for (ulong i = 1; i < 20_000; i++)
        {
            try
            {
                Write(store, batch, i);
            }
            catch (StoreFaultException e)
            {
                Assert.Equal(i - 1, store.AppliedIndex);
                return e;
            }
        }

        throw new InvalidOperationException("the disk did not run full");
    }

    private static bool TryWrite(RocksKeyspaceStore store, IStoreBatch batch, ulong index)
    {
        try
        {
            Write(store, batch, index);
            return true;
        }
        catch (StoreFaultException)
        {
            Thread.Sleep(50); // RocksDB looks for space every few seconds and tells nobody
            return false;
        }
    }

    private static void Write(RocksKeyspaceStore store, IStoreBatch batch, ulong index)
    {
        batch.Clear();
        batch.Put(StoreTable.Revisions, StoreScript.Key(index), StoreScript.Value(index, ValueBytes));
        store.Write(batch, index);
    }

    private static void AssertHasAll(RocksKeyspaceStore store, ulong applied)
    {
        using var rows = store.Iterate(StoreTable.Revisions, default, default);
        ulong count = 0;
        while (rows.MoveNext())
        {
            count++;
            Assert.Equal(StoreScript.Key(count), rows.Key.ToArray());
            Assert.Equal(StoreScript.Value(count, ValueBytes), rows.Value.ToArray());
        }

        Assert.Equal(applied, count);
        Assert.Equal(applied, store.AppliedIndex);
    }
}
