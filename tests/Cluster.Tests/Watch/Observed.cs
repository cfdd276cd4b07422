using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

/// <summary>What one watcher got, and whether that is what it should have got.</summary>
internal sealed class Observed(WatchRequest request, long firstRevision)
{
    private readonly Lock _lock = new();
    private readonly List<WatchBatch> _batches = [];

    public void Add(WatchBatch batch)
    {
        lock (_lock)
        {
            _batches.Add(batch);
        }
    }

    public bool IsComplete(FakeHistory history)
    {
        lock (_lock)
        {
            return IsEnded || (_batches.Count != 0 && _batches.Sum(batch => batch.Events.Count) >= Expected(history).Count);
        }
    }

    public void Check(FakeHistory history, int seed)
    {
        string context = $"seed {seed}, {request}";
        Assert.True(_batches[0].Kind == WatchBatchKind.Created, context);
        Assert.True(_batches.Skip(1).SkipLast(1).All(batch => batch.Kind == WatchBatchKind.Events), context);
        List<WatchEvent> expected = Expected(history);
        WatchEvent[] actual = [.. _batches.SelectMany(batch => batch.Events)];
        Assert.True(IsEnded ? actual.Length <= expected.Count : actual.Length == expected.Count, $"{context}: {actual.Length} of {expected.Count} events");
        Assert.True(actual.SequenceEqual(expected.Take(actual.Length)), context);
        CheckWholeRevisions(context);
        CheckCompaction(expected, actual.Length, context);
    }

    private bool IsEnded => _batches.Count != 0 && _batches[^1].Kind is WatchBatchKind.Canceled or WatchBatchKind.Compacted;

    private List<WatchEvent> Expected(FakeHistory history)
    {
        var interval = KeyInterval.From(request.Key, request.RangeEnd);
        return
        [
            .. history.All.Where(revision => revision.Revision >= firstRevision)
                .SelectMany(revision => revision.Events)
                .Where(watchEvent => interval.Contains(watchEvent.Kv.Key.Span) && Wants(watchEvent)),
        ];
    }

    private bool Wants(WatchEvent watchEvent) =>
        !request.Filters.HasFlag(watchEvent.IsDelete ? WatchFilters.NoDelete : WatchFilters.NoPut);

    private void CheckWholeRevisions(string context)
    {
        long last = 0;
        foreach (WatchBatch batch in _batches.Where(batch => batch.Kind == WatchBatchKind.Events))
        {
            Assert.True(batch.Events.Count != 0 && batch.Events[0].Kv.ModRevision > last, context);
            last = batch.Events[^1].Kv.ModRevision;
            Assert.True(batch.Revision >= last, context);
        }
    }

    // Only a watcher that still needed something below the compaction may be cancelled by it.
    private void CheckCompaction(List<WatchEvent> expected, int delivered, string context)
    {
        if (_batches[^1].Kind == WatchBatchKind.Compacted)
        {
            long needed = delivered == 0 ? firstRevision : expected[delivered - 1].Kv.ModRevision + 1;
            Assert.True(needed < _batches[^1].CompactRevision, context);
        }
    }
}
