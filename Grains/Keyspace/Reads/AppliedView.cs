using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>The applied state: index and store together. Replaced as a whole when a snapshot is loaded.</summary>
internal sealed class AppliedView(KeyIndex index, IKeyspaceStore store, int scanChunkKeys, long finishedCompactRevision) : IKeyView, IDisposable
{
    private long _finishedCompactRevision = finishedCompactRevision;

    public KeyIndex Index { get; } = index;

    public IKeyspaceStore Store { get; } = store;

    public RevisionPins Pins { get; } = new();

    /// <summary>Last compaction whose data is all removed; -1 if none is.</summary>
    public long FinishedCompactRevision
    {
        get => Volatile.Read(ref _finishedCompactRevision);
        set => Volatile.Write(ref _finishedCompactRevision, value);
    }

    public void Dispose() => Index.Dispose();

    public bool TryGet(ReadOnlySpan<byte> key, long revision, out KeyState state) => Index.TryGetAt(key, revision, out state);

    public long Count(in KeyInterval interval, long revision) => Index.CountAt(interval, revision, scanChunkKeys);

    public long CountLatest(in KeyInterval interval, out long revision) => Index.CountLatest(interval, scanChunkKeys, out revision);

    public bool Scan(in KeyInterval interval, long revision, int max, List<KeyState> into, out ReadOnlyMemory<byte> resume) =>
        Index.Scan(interval, revision, scanChunkKeys, max, into, out resume);

    public KeyValue Complete(in KeyState state)
    {
        if (state.IsComplete)
        {
            return state.ToKeyValue();
        }

        Span<byte> key = stackalloc byte[RevisionKey.TombstoneLength];
        int length = RevisionKey.Write(key, state.Main, state.Sub, isTombstone: false);
        byte[] row = Store.Get(StoreTable.Revisions, key[..length])
            ?? throw new InvalidDataException($"The store lacks revision {state.Main}/{state.Sub}, which the index has.");
        KeyValue stored = KeyValueRow.Read(row);
        return new KeyValue(state.Key, state.Create, state.Main, state.Version, stored.Value, stored.Lease);
    }
}
