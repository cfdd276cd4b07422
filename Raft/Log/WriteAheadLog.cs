using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;
using Krewe.Raft.Log.Storage;

namespace Krewe.Raft.Log;

/// <summary>The segmented write-ahead log of one member: entries, hard states and snapshot markers, in the order they were appended.</summary>
/// <remarks>
/// One thread writes (<see cref="Append"/>, <see cref="AppendSnapshot"/>, <see cref="Sync"/>, <see cref="ReleaseTo"/>, <see cref="Dispose"/>);
/// any thread reads (<see cref="Read"/>, <see cref="Term"/>, the indexes, <see cref="CanAccept"/>). Nothing is durable before
/// <see cref="Sync"/> returned. Each append is a batch that survives a crash as a whole or not at all, and no batch survives without all
/// those before it. The format and the rule of repair are in docs/internals/wal.md.
/// </remarks>
public sealed partial class WriteAheadLog : IDisposable
{
    private readonly IDisk _disk;
    private readonly WalOptions _options;
    private readonly IDisposable _lock;
    private readonly SpareSegment _spare;
    private readonly BatchBuffer _buffer = new();
    private readonly Lock _gate = new();
    private readonly LogIndex _index;
    private readonly WalIdentity _identity;
    private readonly ReadOnlyMemory<byte> _metadata;

    private HardState _hardState;
    private SnapshotMarker? _snapshot;
    private Exception? _failure;
    private uint _crc;
    private long _durable;
    private long _remaining;
    private bool _disposed;

    private WriteAheadLog(IDisk disk, WalOptions options, IDisposable directoryLock, RecoveredLog log)
    {
        _disk = disk;
        _options = options;
        _lock = directoryLock;
        _spare = new SpareSegment(disk, options);
        _index = log.Index;
        _identity = log.Identity;
        _metadata = log.Metadata;
        _hardState = log.HardState;
        _snapshot = log.Snapshot;
        _crc = log.Crc;
        _durable = _index.Active.End;
        PublishRemaining();
        Opened = new WalOpenResult(
            log.Identity, log.Metadata, log.HardState, log.Snapshot, FirstIndex, LastIndex, _index.Segments.Count, log.TornTail);
        _spare.Prepare();
    }

    /// <summary>What was found when the log was opened.</summary>
    public WalOpenResult Opened { get; }

    /// <summary>The first index that can be read; <see cref="LastIndex"/> + 1 if there is none.</summary>
    public ulong FirstIndex
    {
        get
        {
            lock (_gate)
            {
                return _index.FirstIndex;
            }
        }
    }

    /// <summary>The last index appended, synced or not.</summary>
    public ulong LastIndex
    {
        get
        {
            lock (_gate)
            {
                return _index.LastIndex;
            }
        }
    }

    /// <summary>The last hard state appended, synced or not.</summary>
    public HardState HardState => _hardState;

    /// <summary>Number of segment files.</summary>
    public int SegmentCount
    {
        get
        {
            lock (_gate)
            {
                return _index.Segments.Count;
            }
        }
    }

    /// <summary>Bytes that can still be appended without the disk having to find space: the rest of the active segment, and the spare.</summary>
    public long RemainingBytes => Volatile.Read(ref _remaining) + (_spare.IsReady ? SpareCapacity : 0);

    private long SpareCapacity => _options.SegmentBytes - InitialBytes();

    private bool IsDirty => _index.Active.End != _durable;

    /// <summary>Whether <paramref name="disk"/> holds a log.</summary>
    public static bool Exists(IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return Recovery.Segments(disk).Count > 0;
    }

    /// <summary>Creates an empty log and opens it.</summary>
    /// <param name="disk">The directory; must not hold a log.</param>
    /// <param name="identity">Whose log it is.</param>
    /// <param name="metadata">Opaque bytes that <see cref="WalOpenResult.Metadata"/> gives back ever after.</param>
    /// <param name="options">How to use disk and memory.</param>
    /// <exception cref="DiskFullException">There is no space for the first segment.</exception>
    /// <exception cref="DiskLockedException">The directory is in use.</exception>
    public static WriteAheadLog Create(IDisk disk, WalIdentity identity, ReadOnlyMemory<byte> metadata, WalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(disk);
        options ??= new WalOptions();
        options.Validate();
        var directoryLock = disk.Lock();
        try
        {
            if (Exists(disk))
            {
                throw new InvalidOperationException("there is a write-ahead log already");
            }

            using (var spare = new SpareSegment(disk, options with { PreallocateInBackground = false }))
            {
                var creation = new SegmentCreation(disk, spare, options, new BatchBuffer());
                creation.Create(new SegmentHeader(identity, 0, 1, 0, 0, 0, options.NextSalt(), 0, 0), metadata.Span, default, null).Dispose();
            }

            return new WriteAheadLog(disk, options, directoryLock, new Recovery(disk).Run());
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens a log: verifies every record, cuts a torn tail (<see cref="WalOpenResult.TornTail"/>) and makes the rest durable.</summary>
    /// <exception cref="WalCorruptionException">What was durable once is damaged. Nothing was changed.</exception>
    /// <exception cref="FileNotFoundException">There is no log.</exception>
    /// <exception cref="DiskLockedException">The directory is in use.</exception>
    public static WriteAheadLog Open(IDisk disk, WalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(disk);
        options ??= new WalOptions();
        options.Validate();
        var directoryLock = disk.Lock();
        try
        {
            return Exists(disk)
                ? new WriteAheadLog(disk, options, directoryLock, new Recovery(disk).Run())
                : throw new FileNotFoundException("there is no write-ahead log");
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>Space in bytes that an entry with <paramref name="dataLength"/> bytes of payload takes in the log.</summary>
    public static long SpaceForEntry(int dataLength) => RecordHeader.SpaceFor(EntryOverhead + dataLength);

    /// <summary>Whether a batch of <paramref name="bytes"/> bytes (see <see cref="SpaceForEntry"/>) is sure to find space. If not, an attempt
    /// to preallocate the next segment is started, so that asking again later may give another answer.</summary>
    public bool CanAccept(long bytes)
    {
        if (Fits(bytes))
        {
            return true;
        }

        _spare.Prepare();
        return Fits(bytes);
    }

    /// <summary>Appends one batch with one write call: entries, then the hard state. Not durable before <see cref="Sync"/>.</summary>
    /// <param name="entries">Contiguous; may begin at or before <see cref="LastIndex"/>, which voids the old entries from there on.</param>
    /// <param name="hardState">The new hard state, or null if unchanged. Its commit must not be behind the last entry.</param>
    /// <exception cref="DiskFullException">A new segment is needed and there is no space. Nothing has changed: try again later.</exception>
    /// <exception cref="WalFailedException">The disk failed now or before.</exception>
    public void Append(ReadOnlySpan<Entry> entries, HardState? hardState)
    {
        ThrowIfUnusable();
        CheckOrder(entries, hardState);
        if (entries.IsEmpty && hardState is null)
        {
            return;
        }

        var truncates = !entries.IsEmpty && entries[0].Index <= _index.LastIndex;
        var space = BatchSpace(entries, hardState, truncates);
        MakeRoom(space);
        BeginBatch(space);
        var offsets = Encode(entries, hardState, truncates);
        WriteBatch();
        lock (_gate)
        {
            Record(entries, offsets, truncates);
        }

        _hardState = hardState ?? _hardState;
    }

    /// <summary>Appends a snapshot marker, then the hard state, as one batch. Not durable before <see cref="Sync"/>.</summary>
    /// <remarks>If the log holds the entry at the marker's index with the same term, the log goes on as it is (a snapshot of its own state).
    /// Otherwise all its entries are void and it goes on behind the marker (a snapshot received from the leader).</remarks>
    /// <exception cref="DiskFullException">As for <see cref="Append"/>.</exception>
    /// <exception cref="WalFailedException">The disk failed now or before.</exception>
    public void AppendSnapshot(SnapshotMarker marker, HardState? hardState = null)
    {
        ThrowIfUnusable();
        var keeps = _index.HasTerm(marker.Index) && _index.TermOf(marker.Index) == marker.Term;
        if (!keeps && marker.Index < _hardState.Commit)
        {
            throw new ArgumentException($"snapshot {marker.Index} contradicts entries committed up to {_hardState.Commit}", nameof(marker));
        }

        CheckCommit(hardState, keeps ? _index.LastIndex : marker.Index);
        var space = RecordHeader.SpaceFor(PositionBytes + marker.ConfState.Length) + SpaceFor(hardState);
        MakeRoom(space);
        BeginBatch(space);
        var kind = keeps ? RecordKind.Snapshot : RecordKind.SnapshotReset;
        _buffer.Position(kind, marker.Index, marker.Term, marker.ConfState.Span, endsBatch: hardState is null);
        Encode(hardState);
        WriteBatch();
        _hardState = hardState ?? _hardState;
        _snapshot = marker;
        if (!keeps)
        {
            lock (_gate)
            {
                _index.Reset(marker.Index, marker.Term);
            }
        }
    }

    /// <summary>Makes all appended batches durable with one fdatasync; does nothing if they are already.</summary>
    /// <exception cref="WalFailedException">The disk failed now or before.</exception>
    public void Sync()
    {
        ThrowIfUnusable();
        if (!IsDirty || _options.NoSync)
        {
            return;
        }

        var started = _options.Time.GetTimestamp();
        try
        {
            _index.Active.File.SyncData();
        }
        catch (Exception e)
        {
            throw Fail(e);
        }

        _options.Observer?.Synced(_index.Active.End - _durable, _options.Time.GetElapsedTime(started));
        _durable = _index.Active.End;
    }

    /// <summary>Deletes the oldest segments while they hold only entries before <paramref name="index"/>. Those in the segment that holds
    /// <paramref name="index"/> stay readable, so <see cref="FirstIndex"/> may stay lower.</summary>
    /// <exception cref="WalFailedException">The disk failed now or before.</exception>
    public void ReleaseTo(ulong index)
    {
        Sync(); // what replaces or follows the deleted entries must be there after a crash
        while (_index.OldestIsBelow(Math.Min(index, _index.LastIndex + 1)))
        {
            var oldest = _index.Segments[0];
            lock (_gate)
            {
                _index.RemoveOldest();
            }

            oldest.Dispose();
            try
            {
                _disk.Delete(oldest.Name);
                _disk.SyncDirectory(); // each for itself: a gap in the sequence would be taken for a lost segment
            }
            catch (Exception e)
            {
                throw Fail(e);
            }
        }
    }

    /// <summary>Syncs, marks the log as closed so that later damage anywhere is noticed, and gives the directory's lock back. Never throws
    /// for a disk failure: what was acknowledged was synced before.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        CloseCleanly();
        _disposed = true;
        _spare.Dispose();
        lock (_gate)
        {
            foreach (var segment in _index.Segments)
            {
                segment.Dispose();
            }
        }

        _lock.Dispose();
    }
}
