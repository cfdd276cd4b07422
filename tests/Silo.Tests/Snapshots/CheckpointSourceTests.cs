using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;
using Krewe.Silo.Snapshots;
using Krewe.Silo.Storage;
using Krewe.Silo.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Snapshots;

public sealed class CheckpointSourceTests : IDisposable
{
    private const int Timeout = 60_000;
    private static readonly SnapshotLimits Limits = new();
    private readonly StoreDirectory _directory = new();
    private readonly RocksKeyspaceStore _store;
    private readonly FakeTimeProvider _time = new();
    private readonly CheckpointSource _source;

    public CheckpointSourceTests()
    {
        _store = new RocksKeyspaceStore(_directory.Store);
        _source = new CheckpointSource(
            Checkpoints, _store, new ConfState([1, 2, 3]), Limits, _time, NullLogger<CheckpointSource>.Instance)
        { TermOf = _ => 7 };
        WriteTo(10);
    }

    private string Checkpoints => Path.Join(_directory.Root, "checkpoints");

    public void Dispose()
    {
        _source.Dispose();
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task Being_asked_makes_one_at_the_applied_index_with_the_term_and_the_members_there()
    {
        Assert.Null(_source.TryGetSnapshot(1));
        var snapshot = await GetAsync(1);
        Assert.Equal((10UL, 7UL), (snapshot.Index, snapshot.Term));
        Assert.Equal([1, 2, 3], snapshot.ConfState.Voters);
        var checkpoint = _source.TryAcquire(snapshot.Handle)!;
        Assert.Equal(10UL, RocksKeyspaceStore.AppliedIndexOf(checkpoint.PathOfDirectory));
        Assert.All(checkpoint.Manifest.Files, file => Assert.Equal(file, FileChecksum.Of(Path.Join(checkpoint.PathOfDirectory, file.Name))));
        Assert.Contains(checkpoint.Manifest.Files, file => file.Name == "CURRENT");
    }

    [Fact(Timeout = Timeout)]
    public async Task The_same_is_given_out_while_it_is_new_enough_and_then_a_newer_one()
    {
        var first = await GetAsync(1);
        WriteTo(20);
        Assert.Same(first, _source.TryGetSnapshot(10));
        Assert.Equal(20UL, (await GetAsync(11)).Index);
    }

    [Fact(Timeout = Timeout)]
    public async Task No_more_than_so_many_exist_and_those_that_are_read_stay()
    {
        var acquired = new List<Checkpoint>();
        for (var i = 1UL; i <= (ulong)Limits.MaxCheckpoints; i++)
        {
            WriteTo(10 * (i + 1));
            acquired.Add(_source.TryAcquire((await GetAsync(10 * (i + 1))).Handle)!);
        }

        WriteTo(100);
        Assert.Null(_source.TryGetSnapshot(100));
        Assert.All(acquired, c => Assert.True(Directory.Exists(c.PathOfDirectory)));
        _source.Release(acquired[0], hasArrived: true);
        Assert.Equal(100UL, (await GetAsync(100)).Index);
        await UntilAsync(() => !Directory.Exists(acquired[0].PathOfDirectory));
        Assert.True(Directory.Exists(acquired[1].PathOfDirectory));
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_nobody_wants_for_a_while_is_deleted()
    {
        var snapshot = await GetAsync(1);
        var checkpoint = _source.TryAcquire(snapshot.Handle)!;
        _time.Advance(Limits.IdleTime * 3);
        Assert.True(Directory.Exists(checkpoint.PathOfDirectory));
        _source.Release(checkpoint, hasArrived: false);
        _time.Advance(Limits.IdleTime * 3);
        await UntilAsync(() => !Directory.Exists(checkpoint.PathOfDirectory));
        Assert.Null(_source.TryAcquire(snapshot.Handle));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_log_stays_for_one_that_is_wanted_until_it_has_arrived()
    {
        Assert.Equal(ulong.MaxValue, _source.LowestIndex);
        var checkpoint = _source.TryAcquire((await GetAsync(1)).Handle)!;
        Assert.Equal(10UL, _source.LowestIndex);
        _source.Release(checkpoint, hasArrived: false);
        Assert.Equal(10UL, _source.LowestIndex);
        _source.TryAcquire(checkpoint.Metadata.Handle);
        _source.Release(checkpoint, hasArrived: true);
        Assert.Equal(ulong.MaxValue, _source.LowestIndex);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_log_stays_for_one_while_it_is_made()
    {
        var asked = 0;
        ulong? term = null;
        _source.TermOf = _ =>
        {
            Interlocked.Increment(ref asked);
            return term;
        };
        Assert.Null(_source.TryGetSnapshot(1));
        await UntilAsync(() => Volatile.Read(ref asked) > 0);
        Assert.Equal(10UL, _source.LowestIndex);
        WriteTo(20);
        term = 7;
        Assert.Equal(10UL, (await GetAsync(1)).Index);
        Assert.Equal(10UL, _source.LowestIndex);
    }

    [Fact(Timeout = Timeout)]
    public async Task It_waits_until_the_core_knows_of_the_index()
    {
        var asked = 0;
        _source.TermOf = _ => Interlocked.Increment(ref asked) > 3 ? 9UL : null;
        Assert.Equal(9UL, (await GetAsync(1)).Term);
    }

    private void WriteTo(ulong index)
    {
        using var batch = _store.CreateBatch();
        batch.Put(StoreTable.Revisions, BitConverter.GetBytes(index), new byte[100]);
        _store.Write(batch, index);
    }

    private async Task<SnapshotMetadata> GetAsync(ulong minIndex)
    {
        SnapshotMetadata? snapshot = null;
        await UntilAsync(() => (snapshot = _source.TryGetSnapshot(minIndex)) is not null);
        return snapshot!;
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }
}
