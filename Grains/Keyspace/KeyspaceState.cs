using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace.Alarms;
using Krewe.Grains.Keyspace.Applying;
using Krewe.Grains.Keyspace.Compaction;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Reads;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;

namespace Krewe.Grains.Keyspace;

/// <summary>
/// The replicated state machine of a member: keys with their history, leases, alarms and modules, applied from the log. One thread
/// (the apply thread) calls <see cref="Load"/>, <see cref="Apply"/> and <see cref="CompactStep"/>; any thread reads.
/// </summary>
public sealed partial class KeyspaceState : IDisposable
{
    private readonly KeyspaceOptions _options;
    private readonly IReadOnlyList<IStateModule> _modules;
    private readonly ApplyPlanner _planner;
    private readonly ApplyExecutor _executor;
    private AppliedView? _view;
    private Compactor? _compactor;
    private long _revision = 1;
    private long _compactRevision = KeyspaceLoader.NeverCompacted;
    private ulong _appliedIndex;
    private ulong _lastRefusedIndex;

    /// <param name="options">Bounds.</param>
    /// <param name="owners">Checks the fences of entries; null accepts every writer.</param>
    /// <param name="modules">Parts of the state besides the keys, at most one per command kind.</param>
    public KeyspaceState(KeyspaceOptions options, IOwnershipView? owners = null, IReadOnlyList<IStateModule>? modules = null)
    {
        _options = options;
        _modules = modules ?? [];
        _planner = new ApplyPlanner(Leases, owners, _modules);
        _executor = new ApplyExecutor(Leases, Alarms, Counters, options.ApplyChunkChanges);
    }

    /// <summary>Receives the applied revisions; may be set before the first <see cref="Apply"/>.</summary>
    public IRevisionSink? Sink { get; set; }

    /// <summary>The current revision: 1 for an empty store (behaviour 1). Whoever sees it sees all its changes.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>Reads below it fail; -1 before the first compaction (behaviour 277).</summary>
    public long CompactRevision => Volatile.Read(ref _compactRevision);

    /// <summary>Last entry applied. Whoever sees it sees all its changes.</summary>
    public ulong AppliedIndex => Volatile.Read(ref _appliedIndex);

    /// <summary>Last entry that was refused when it was applied; 0 if none was.</summary>
    public ulong LastRefusedIndex => Volatile.Read(ref _lastRefusedIndex);

    /// <summary>Last compaction whose data is all removed on this member; -1 if none is.</summary>
    public long FinishedCompactRevision => View.FinishedCompactRevision;

    public LeaseTable Leases { get; } = new();

    public AlarmTable Alarms { get; } = new();

    public KeyspaceCounters Counters { get; } = new();

    /// <summary>Live keys.</summary>
    public long KeyCount => View.Index.KeyCount;

    /// <summary>Bytes of recent values in memory.</summary>
    public long CachedValueBytes => _executor.Values?.Bytes ?? 0;

    /// <summary>Reads that hold a revision right now.</summary>
    public int PinnedReads => View.Pins.Count;

    internal AppliedView View => Volatile.Read(ref _view) ?? throw new InvalidOperationException("The keyspace was not loaded.");

    /// <summary>
    /// Rebuilds everything from a store: at start, and again after a snapshot was installed. Answers a task that completes when no read uses
    /// the store before any more, so that it may be closed.
    /// </summary>
    public Task Load(IKeyspaceStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        KeyspaceLoader loaded = KeyspaceLoader.Load(store, _options);
        foreach (IStateModule module in _modules)
        {
            module.Load(store);
        }

        Leases.TakeFrom(loaded.Leases);
        Alarms.TakeFrom(loaded.Alarms);
        _planner.Reset(store, loaded.Revision, loaded.CompactRevision);
        _executor.Reset(loaded.View, loaded.Values);
        _compactor?.Dispose();
        _compactor = new Compactor(loaded.View, Counters);
        Task released = Replace(loaded, store.AppliedIndex);
        Sink?.Reset(loaded.Revision);
        return released;
    }

    /// <summary>
    /// Applies committed entries, in order and without gaps, as one batch of the store. Throws <see cref="StoreFaultException"/> if the
    /// store can't write: then nothing was made visible, and the same entries must be given again.
    /// </summary>
    /// <param name="entries">Entries from <see cref="AppliedIndex"/> + 1 on; membership changes go to the <see cref="IConfigurationModule"/>.</param>
    /// <param name="results">One result per entry.</param>
    public void Apply(ReadOnlySpan<Entry> entries, Span<ApplyResult> results)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        _planner.Plan(entries, AppliedIndex);
        ulong last = entries[^1].Index;
        View.Store.Write(_planner.Batch, last);
        _planner.TakeResults(results);
        IRevisionSink? sink = Sink;
        _executor.Execute(entries, results, sink);
        Publish(last, results);
        _executor.PublishEvents(sink);
    }

    /// <summary>
    /// Removes data below the compaction revision, looking at no more than <paramref name="maxRows"/> rows. On the apply thread only,
    /// between batches. May throw <see cref="StoreFaultException"/>; then try again later.
    /// </summary>
    public CompactionProgress CompactStep(int maxRows) =>
        (_compactor ?? throw new InvalidOperationException("The keyspace was not loaded.")).Step(CompactRevision, AppliedIndex, maxRows);

    public void Dispose()
    {
        _planner.Dispose();
        _compactor?.Dispose();
        Volatile.Read(ref _view)?.Dispose();
    }

    // From the first line on until the view is set no read begins: none may look with the new compaction revision in the old state.
    private Task Replace(KeyspaceLoader loaded, ulong appliedIndex)
    {
        Task released = Volatile.Read(ref _view)?.Pins.Retire() ?? Task.CompletedTask;
        Volatile.Write(ref _compactRevision, loaded.CompactRevision);
        Volatile.Write(ref _view, loaded.View);
        Volatile.Write(ref _revision, loaded.Revision);
        Volatile.Write(ref _appliedIndex, appliedIndex);
        return released;
    }

    // The order matters: who sees the index sees the revision, who sees the revision sees its keys.
    private void Publish(ulong last, ReadOnlySpan<ApplyResult> results)
    {
        foreach (ref readonly ApplyResult result in results)
        {
            if (result.Status != ApplyStatus.Applied)
            {
                Volatile.Write(ref _lastRefusedIndex, result.Index);
                Counters.RefusedEntries++;
            }
        }

        Volatile.Write(ref _compactRevision, _planner.CompactRevision);
        Volatile.Write(ref _revision, _planner.Revision);
        Volatile.Write(ref _appliedIndex, last);
        Counters.AppliedEntries += results.Length;
        Counters.AppliedBatches++;
    }
}
