using Krewe.Grains.Keyspace.Values;

namespace Krewe.Grains.Keyspace.Index;

/// <summary>
/// The ordered index of all keys with their history. One thread writes, inside <see cref="EnterWrite"/> and <see cref="ExitWrite"/>;
/// any thread reads. Locks are held briefly: long scans take it once per chunk and rely on versions to stay at one revision.
/// </summary>
internal sealed class KeyIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.NoRecursion);
    private readonly KeyTree _tree = new();
    private long _revision = 1;
    private bool _isInFlux;

    /// <summary>The highest revision whose changes are all here.</summary>
    public long Revision => Volatile.Read(ref _revision);

    public long KeyCount => _tree.LiveCount;

    /// <summary>Live keys and deleted keys that compaction has not removed.</summary>
    public long RecordCount => _tree.Count;

    public void Dispose() => _lock.Dispose();

    public void EnterWrite() => _lock.EnterWriteLock();

    public void ExitWrite() => _lock.ExitWriteLock();

    public void EnterRead() => _lock.EnterReadLock();

    public void ExitRead() => _lock.ExitReadLock();

    // Writer's part.

    /// <summary>Makes all changes up to the revision visible to reads of the latest state.</summary>
    public void SetRevision(long revision)
    {
        _isInFlux = false;
        Volatile.Write(ref _revision, revision);
    }

    /// <summary>
    /// Lets readers in before all changes are made. They stay at the revision before, by the keys' history; only counts are dearer
    /// until <see cref="SetRevision"/>.
    /// </summary>
    public void YieldWrite()
    {
        _isInFlux = true;
        _lock.ExitWriteLock();
        _lock.EnterWriteLock();
    }

    public KeyRecord GetOrAdd(ReadOnlySpan<byte> key) => _tree.GetOrAdd(key);

    public KeyRecord? Find(ReadOnlySpan<byte> key) => _tree.Find(key);

    public void Put(KeyRecord record, long main, int sub, long create, long version, long lease, ValueRef value)
    {
        bool wasLive = record.IsLive;
        record.Put(main, sub, create, version, lease, value);
        if (!wasLive)
        {
            _tree.AddLive(record.Key, 1);
        }
    }

    public void Delete(KeyRecord record, long main, int sub)
    {
        bool wasLive = record.IsLive;
        record.Delete(main, sub);
        if (wasLive)
        {
            _tree.AddLive(record.Key, -1);
        }
    }

    public void RemoveIfEmpty(KeyRecord record)
    {
        if (record.IsEmpty)
        {
            _tree.Remove(record.Key);
        }
    }

    // Readers' part.

    /// <summary>The key as of the latest revision, which is answered too.</summary>
    public bool TryGetLatest(ReadOnlySpan<byte> key, out KeyState state, out long revision)
    {
        _lock.EnterReadLock();
        try
        {
            revision = _revision;
            state = default;
            return _tree.Find(key) is { } record && record.TryGetAt(revision, out state);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>The key as of a revision.</summary>
    public bool TryGetAt(ReadOnlySpan<byte> key, long revision, out KeyState state)
    {
        _lock.EnterReadLock();
        try
        {
            state = default;
            return _tree.Find(key) is { } record && record.TryGetAt(revision, out state);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Keys in the interval as of the latest revision, which is answered too.</summary>
    public long CountLatest(in KeyInterval interval, int chunkKeys, out long revision)
    {
        _lock.EnterReadLock();
        try
        {
            revision = _revision;
            if (!_isInFlux)
            {
                return _tree.CountLive(interval);
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }

        return CountAt(interval, revision, chunkKeys);
    }

    /// <summary>Keys that live by the newest versions there are, for a caller that is inside <see cref="EnterRead"/>.</summary>
    public long CountNewestInside(in KeyInterval interval) => _tree.CountLive(interval);

    /// <summary>Keys in the interval as of a revision. Costs a walk unless it is the latest.</summary>
    public long CountAt(KeyInterval interval, long revision, int chunkKeys)
    {
        long count = 0;
        bool done = false;
        ReadOnlyMemory<byte> last = default;
        while (!done)
        {
            _lock.EnterReadLock();
            try
            {
                if (last.IsEmpty && revision >= _revision && !_isInFlux)
                {
                    return _tree.CountLive(interval);
                }

                done = CountChunk(interval, revision, chunkKeys, ref count, ref last);
            }
            finally
            {
                _lock.ExitReadLock();
            }

            interval = interval.After(last);
        }

        return count;
    }

    /// <summary>
    /// Appends keys of the interval as of a revision, looking at no more than <paramref name="chunkKeys"/> records. Answers whether the
    /// interval is done; if not, go on with <c>interval.After(resume)</c>.
    /// </summary>
    public bool Scan(in KeyInterval interval, long revision, int chunkKeys, int max, List<KeyState> into, out ReadOnlyMemory<byte> resume)
    {
        resume = default;
        _lock.EnterReadLock();
        try
        {
            TreeCursor cursor = _tree.Seek(interval);
            while (cursor.TryNext(out KeyRecord record))
            {
                if (interval.EndsBefore(record.Key))
                {
                    return true;
                }

                if (record.TryGetAt(revision, out KeyState state))
                {
                    into.Add(state);
                    max--;
                }

                if (--chunkKeys == 0 || max == 0)
                {
                    resume = record.Key;
                    return interval.IsSingle;
                }
            }

            return true;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>All records in key order, for a caller that is the writer or inside <see cref="EnterRead"/>.</summary>
    public TreeCursor Records() => _tree.First();

    /// <summary>The structure, for tests.</summary>
    internal KeyTree Tree => _tree;

    private bool CountChunk(in KeyInterval interval, long revision, int chunkKeys, ref long count, ref ReadOnlyMemory<byte> last)
    {
        TreeCursor cursor = _tree.Seek(interval);
        while (cursor.TryNext(out KeyRecord record))
        {
            if (interval.EndsBefore(record.Key))
            {
                return true;
            }

            count += record.IsLiveAt(revision) ? 1 : 0;
            if (--chunkKeys == 0)
            {
                last = record.Key;
                return interval.IsSingle;
            }
        }

        return true;
    }
}
