namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>
/// Keys whose newest version may not be applied yet: what lies on top of the index at the tail of the log. Its size is bounded by what
/// the log may have in flight. Not thread-safe: the tail's gate guards it.
/// </summary>
internal sealed class Overlay
{
    /// <summary>Index of versions whose entry is not appended yet.</summary>
    public const ulong Uncommitted = ulong.MaxValue;

    private const int MaxPooled = 4096;

    private readonly HashSet<PendingKey> _keys = new(PendingKeyComparer.Instance);
    private readonly HashSet<PendingKey>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private readonly List<OverlayChange> _changes = [];
    private readonly Queue<(ulong Index, PendingKey Key)> _retiring = new();
    private readonly Stack<PendingKey> _pool = new();
    private ulong _retired;

    public Overlay() => _bySpan = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _keys.Count;

    public bool TryGet(ReadOnlySpan<byte> key, out PendingKey pending) => _bySpan.TryGetValue(key, out pending!);

    /// <summary>Adds a version in the current batch.</summary>
    public void Push(ReadOnlyMemory<byte> key, in PendingVersion version, int keyOffset, int valueOffset)
    {
        if (!TryGet(key.Span, out PendingKey pending))
        {
            pending = _pool.TryPop(out PendingKey? pooled) ? pooled : new PendingKey();
            pending.Key = key;
            _keys.Add(pending);
        }

        pending.Push(version);
        _changes.Add(new OverlayChange(pending, pending.Count - 1, keyOffset, valueOffset));
    }

    /// <summary>Moves keys and values of the current batch from the requests' memory to the entry's, which never changes.</summary>
    public void Seal(ReadOnlyMemory<byte> entry)
    {
        foreach (OverlayChange change in _changes)
        {
            change.Key.Key = entry.Slice(change.KeyOffset, change.Key.Key.Length);
            if (change.ValueOffset >= 0)
            {
                ref PendingVersion version = ref change.Key[change.Position];
                version.Value = entry.Slice(change.ValueOffset, version.Value.Length);
            }
        }
    }

    /// <summary>The current batch is in the log.</summary>
    public void Commit(ulong index)
    {
        foreach (OverlayChange change in _changes)
        {
            change.Key[change.Position].Index = index;
        }

        foreach (OverlayChange change in _changes)
        {
            _retiring.Enqueue((index, change.Key));
            change.Key.DropApplied(_retired);
        }

        _changes.Clear();
    }

    /// <summary>The current batch never was.</summary>
    public void Rollback()
    {
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            PendingKey pending = _changes[i].Key;
            pending.Pop();
            if (pending.Count == 0)
            {
                Remove(pending);
            }
        }

        _changes.Clear();
    }

    /// <summary>Forgets keys whose newest version is applied: the index has it.</summary>
    public void Retire(ulong appliedIndex)
    {
        _retired = appliedIndex;
        while (_retiring.TryPeek(out (ulong Index, PendingKey Key) oldest) && oldest.Index <= appliedIndex)
        {
            _retiring.Dequeue();

            // The key may have been retired through another of its entries, and be in use for another key by now.
            if (oldest.Key.Count > 0 && oldest.Key.Latest.Index <= appliedIndex)
            {
                Remove(oldest.Key);
            }
        }
    }

    public void Clear()
    {
        _keys.Clear();
        _changes.Clear();
        _retiring.Clear();
        _pool.Clear();
    }

    /// <summary>The keys of an interval, in key order. Looks at every key.</summary>
    public void Collect(in KeyInterval interval, List<PendingKey> into)
    {
        foreach (PendingKey pending in _keys)
        {
            if (interval.Contains(pending.Key.Span))
            {
                into.Add(pending);
            }
        }

        into.Sort(static (a, b) => a.Key.Span.SequenceCompareTo(b.Key.Span));
    }

    /// <summary>The keys whose newest version is attached to a lease, in no order. Looks at every key.</summary>
    public void CollectLease(long lease, List<ReadOnlyMemory<byte>> into)
    {
        foreach (PendingKey pending in _keys)
        {
            if (pending.Latest.Lease == lease)
            {
                into.Add(pending.Key);
            }
        }
    }

    private void Remove(PendingKey pending)
    {
        _keys.Remove(pending);
        pending.Clear();
        pending.Key = default;
        if (_pool.Count < MaxPooled)
        {
            _pool.Push(pending);
        }
    }
}
