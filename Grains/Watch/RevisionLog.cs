using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Watch;

/// <summary>
/// The most recent applied revisions, in memory, shared by all their readers: a ring bounded in revisions and bytes. The apply thread
/// publishes and never waits; a reader that falls behind the ring finds out and reads the store.
/// </summary>
public sealed class RevisionLog : IRevisionSink
{
    private readonly Lock _lock = new();
    private readonly RevisionEvents?[] _ring;
    private readonly long _maxBytes;
    private RevisionLogReader[] _readers = [];
    private long _first = 1;
    private long _next = 1;
    private long _bytes;
    private int _prevKvReaders;

    public RevisionLog(RevisionLogOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(int.IsPow2(options.MaxRevisions), true);
        _ring = new RevisionEvents?[options.MaxRevisions];
        _maxBytes = options.MaxBytes;
    }

    public RevisionLog()
        : this(new RevisionLogOptions())
    {
    }

    /// <summary>The oldest revision that is here; equal to <see cref="Next"/> if none is.</summary>
    public long First => Volatile.Read(ref _first);

    /// <summary>One above the newest revision.</summary>
    public long Next => Volatile.Read(ref _next);

    /// <summary>Bytes held, as the bound counts them.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public bool WantsPrevKv => Volatile.Read(ref _prevKvReaders) != 0;

    /// <summary>Counts a reader that wants the previous state in events (1), or one that goes (-1).</summary>
    public void CountPrevKvReaders(int change) => Interlocked.Add(ref _prevKvReaders, change);

    /// <summary>Empties the log because the state jumped to a revision: at start, and after a snapshot was installed.</summary>
    public void Reset(long revision)
    {
        lock (_lock)
        {
            Clear(revision + 1);
        }

        SignalReaders();
    }

    public void Publish(RevisionEvents revision)
    {
        if (revision.Events.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (revision.Revision != _next)
            {
                Clear(revision.Revision);
            }

            Append(revision);
        }

        SignalReaders();
    }

    /// <summary>
    /// Copies revisions from <paramref name="fromRevision"/> on. False if they are no longer here; true with a count of 0 if they are not here yet.
    /// </summary>
    public bool TryRead(long fromRevision, Span<RevisionEvents> into, out int count)
    {
        count = 0;
        lock (_lock)
        {
            if (fromRevision < _first)
            {
                return false;
            }

            while (count < into.Length && fromRevision + count < _next)
            {
                into[count] = _ring[Slot(fromRevision + count)]!;
                count++;
            }
        }

        return true;
    }

    /// <summary>A reader that starts at a revision, past or future. Dispose it when done.</summary>
    public RevisionLogReader CreateReader(long fromRevision)
    {
        var reader = new RevisionLogReader(this, fromRevision);
        lock (_lock)
        {
            _readers = [.. _readers, reader];
        }

        return reader;
    }

    internal void Remove(RevisionLogReader reader)
    {
        lock (_lock)
        {
            _readers = [.. _readers.Where(other => other != reader)];
        }
    }

    private void Append(RevisionEvents revision)
    {
        _bytes += EventSize.Of(revision.Events);
        if (_next - _first == _ring.Length)
        {
            DropOldest();
        }

        _ring[Slot(_next)] = revision;
        Volatile.Write(ref _next, _next + 1);
        while (_bytes > _maxBytes && _next - _first > 1)
        {
            DropOldest();
        }
    }

    private void DropOldest()
    {
        int slot = Slot(_first);
        _bytes -= EventSize.Of(_ring[slot]!.Events);
        _ring[slot] = null;
        Volatile.Write(ref _first, _first + 1);
    }

    private void Clear(long next)
    {
        Array.Clear(_ring);
        _bytes = 0;
        Volatile.Write(ref _first, next);
        Volatile.Write(ref _next, next);
    }

    private int Slot(long revision) => (int)(revision & (_ring.Length - 1));

    private void SignalReaders()
    {
        foreach (RevisionLogReader reader in Volatile.Read(ref _readers))
        {
            reader.Signal();
        }
    }
}
