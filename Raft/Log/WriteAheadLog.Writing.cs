using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;
using Krewe.Raft.Log.Storage;

namespace Krewe.Raft.Log;

/// <content>How a batch gets into the active segment.</content>
public sealed partial class WriteAheadLog
{
    private const int EntryOverhead = 16;
    private const int PositionBytes = 16;
    private const int HardStateBytes = 24;

    private uint[] _offsets = new uint[64];

    private static long BatchSpace(ReadOnlySpan<Entry> entries, HardState? hardState, bool truncates)
    {
        var space = (truncates ? RecordHeader.SpaceFor(PositionBytes) : 0) + SpaceFor(hardState);
        foreach (ref readonly var entry in entries)
        {
            space += SpaceForEntry(entry.Data.Length);
        }

        return space;
    }

    private static long SpaceFor(HardState? hardState) => hardState is null ? 0 : RecordHeader.SpaceFor(HardStateBytes);

    private static void CheckCommit(HardState? hardState, ulong lastIndex)
    {
        if (hardState?.Commit > lastIndex)
        {
            throw new ArgumentException($"commit {hardState.Value.Commit} is behind the last entry {lastIndex}", nameof(hardState));
        }
    }

    private void CheckOrder(ReadOnlySpan<Entry> entries, HardState? hardState)
    {
        var last = entries.IsEmpty ? _index.LastIndex : entries[^1].Index;
        CheckCommit(hardState, last);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Index != entries[0].Index + (ulong)i)
            {
                throw new ArgumentException($"entry {entries[i].Index} follows entry {entries[i - 1].Index}", nameof(entries));
            }
        }

        if (!entries.IsEmpty && (entries[0].Index < _index.FirstIndex || entries[0].Index > _index.LastIndex + 1))
        {
            throw new ArgumentException(
                $"entry {entries[0].Index} doesn't fit to a log of {_index.FirstIndex} to {_index.LastIndex}", nameof(entries));
        }

        if (!entries.IsEmpty && entries[0].Index <= _hardState.Commit && entries[0].Term != _index.TermOf(entries[0].Index))
        {
            throw new ArgumentException($"entry {entries[0].Index} would replace a committed one", nameof(entries));
        }
    }

    private void BeginBatch(long space)
    {
        var active = _index.Active;
        _buffer.Begin(space, active.End, active.Header.Salt, _crc, _durable);
    }

    private ReadOnlySpan<uint> Encode(ReadOnlySpan<Entry> entries, HardState? hardState, bool truncates)
    {
        if (truncates)
        {
            _buffer.Position(RecordKind.Truncation, entries[0].Index - 1, _index.TermOf(entries[0].Index - 1), default, endsBatch: false);
        }

        if (_offsets.Length < entries.Length)
        {
            _offsets = new uint[Math.Max(entries.Length, _offsets.Length * 2)];
        }

        for (var i = 0; i < entries.Length; i++)
        {
            _offsets[i] = _buffer.Entry(entries[i], endsBatch: i == entries.Length - 1 && hardState is null);
        }

        Encode(hardState);
        return _offsets.AsSpan(0, entries.Length);
    }

    private void Encode(HardState? hardState)
    {
        if (hardState is { } state)
        {
            _buffer.HardState(state, endsBatch: true);
        }
    }

    private void WriteBatch()
    {
        var bytes = _buffer.Written;
        var started = _options.Time.GetTimestamp();
        try
        {
            _index.Active.File.Write(_index.Active.End, bytes);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }

        _options.Observer?.Written(bytes.Length, _options.Time.GetElapsedTime(started));
        _crc = _buffer.Crc;
        _index.Active.End += bytes.Length;
        PublishRemaining();
    }

    private void Record(ReadOnlySpan<Entry> entries, ReadOnlySpan<uint> offsets, bool truncates)
    {
        if (truncates)
        {
            _index.TruncateTo(entries[0].Index - 1);
        }

        for (var i = 0; i < entries.Length; i++)
        {
            _index.Add(entries[i].Index, entries[i].Term, offsets[i]);
        }
    }

    /// <summary>Sees to it that the active segment has room for a batch. Either it has afterwards, or nothing has changed.</summary>
    private void MakeRoom(long space)
    {
        if (_index.Active.Capacity - _index.Active.End >= space)
        {
            return;
        }

        if (InitialBytes() + space > WalOptions.MaxSegmentBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(space), space, $"a batch must fit into {WalOptions.MaxSegmentBytes} bytes");
        }

        Segment segment;
        try
        {
            Sync(); // a segment with a successor is durable to its end
            segment = NextSegment(space);
        }
        catch (Exception e) when (e is not (DiskFullException or WalFailedException))
        {
            throw Fail(e);
        }

        lock (_gate)
        {
            _index.Add(segment);
        }

        _crc = segment.LastCrc;
        _durable = segment.End;
        PublishRemaining();
        _spare.Prepare();
    }

    private Segment NextSegment(long space)
    {
        var active = _index.Active;
        var header = new SegmentHeader(
            _identity, active.Header.Sequence + 1, _index.LastIndex + 1, _index.TermOf(_index.LastIndex), active.End, _crc, _options.NextSalt(), 0, 0);
        return new SegmentCreation(_disk, _spare, _options, _buffer).Create(header, _metadata.Span, _hardState, _snapshot, space);
    }

    private long InitialBytes() => SegmentCreation.InitialBytes(_metadata.Length, _snapshot);

    private void PublishRemaining() => Volatile.Write(ref _remaining, Math.Max(0, _index.Active.Capacity - _index.Active.End));

    private bool Fits(long bytes) =>
        Volatile.Read(ref _remaining) >= bytes || (_spare.IsReady && SpareCapacity >= bytes);

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
        {
            throw new WalFailedException(_failure);
        }
    }

    private WalFailedException Fail(Exception cause)
    {
        _failure = cause;
        return new WalFailedException(cause);
    }

    private void CloseCleanly()
    {
        try
        {
            Sync();
            var space = RecordHeader.SpaceFor(0);
            if (!_options.NoSync && _index.Active.Capacity - _index.Active.End >= space)
            {
                BeginBatch(space);
                _buffer.Bytes(RecordKind.Watermark, default, endsBatch: true);
                WriteBatch();
                Sync();
            }
        }
        catch (IOException)
        {
            // As after a crash: the next start repairs the end of the log.
        }
    }
}
