using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Log.Storage;

/// <summary>Reads all segments of a directory, verifies them, cuts a torn tail and makes what is left durable.</summary>
internal sealed class Recovery(IDisk disk)
{
    private const int ZeroChunkBytes = 64 * 1024;

    private readonly RecoveredLog _log = new();

    /// <summary>The names of the segments, oldest first.</summary>
    internal static List<SegmentName> Segments(IDisk disk)
    {
        var names = new List<SegmentName>();
        foreach (var file in disk.List())
        {
            if (SegmentName.TryParse(file, out var name))
            {
                names.Add(name);
            }
        }

        names.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        return names;
    }

    internal RecoveredLog Run()
    {
        DeleteTemporaries();
        var names = Segments(disk);
        try
        {
            for (var i = 0; i < names.Count; i++)
            {
                Load(names, i);
            }

            // The process may have died between a rename and the sync of the directory.
            disk.SyncDirectory();
            return _log;
        }
        catch
        {
            foreach (var segment in _log.Index.Segments)
            {
                segment.Dispose();
            }

            throw;
        }
    }

    private void DeleteTemporaries()
    {
        foreach (var file in disk.List())
        {
            if (file.EndsWith(SegmentName.TemporaryExtension, StringComparison.Ordinal))
            {
                disk.Delete(file);
            }
        }
    }

    private void Load(List<SegmentName> names, int i)
    {
        var name = names[i].ToString();
        if (i > 0 && names[i].Sequence != names[i - 1].Sequence + 1)
        {
            throw new WalCorruptionException(name, 0, $"segment {names[i - 1].Sequence + 1:x16} before it is missing");
        }

        var file = disk.Open(name);
        try
        {
            Load(names[i], file, isLast: i == names.Count - 1);
        }
        catch when (_log.Index.Segments.Count <= i)
        {
            file.Dispose();
            throw;
        }
    }

    private void Load(SegmentName name, IDiskFile file, bool isLast)
    {
        using var bytes = new SegmentBytes(name.ToString(), file);
        var header = SegmentHeader.Read(name.ToString(), bytes.Span);
        var segment = new Segment(name.ToString(), file, header) { Capacity = file.Length };
        CheckHeader(name, segment);
        _log.Index.Add(segment);

        var scan = new SegmentScan(bytes.Span, header);
        segment.End = scan.End;
        if (scan.End < header.InitialEnd)
        {
            throw Corruption(segment, scan.Break, "the records it was created with don't match their checksums");
        }

        if (isLast)
        {
            CutTornTail(segment, scan);
            MakeDurable(segment, scan, bytes.Span);
        }

        new BatchReplay(_log, segment, bytes.Span).Apply(SegmentHeader.Size, scan.End);
        _log.Crc = scan.Crc;
        CheckCommit(segment, isLast);
    }

    private void CheckHeader(SegmentName name, Segment segment)
    {
        var header = segment.Header;
        if (header.Sequence != name.Sequence || header.FirstIndex != name.FirstIndex)
        {
            throw Corruption(segment, 0, $"its header belongs to {new SegmentName(header.Sequence, header.FirstIndex)}");
        }

        if (_log.Index.Segments.Count == 0)
        {
            _log.Identity = header.Identity;
            _log.Index.Reset(header.FirstIndex - 1, header.PreviousTerm);
            return;
        }

        if (header.Identity != _log.Identity)
        {
            throw Corruption(segment, 0, "it belongs to another cluster or member than the segment before it");
        }

        var previous = _log.Index.Active;
        if (previous.End != header.PreviousEnd || _log.Crc != header.PreviousCrc)
        {
            throw Corruption(
                previous, previous.End, $"a record doesn't match its checksum; the records should go on to {header.PreviousEnd}");
        }

        if (header.FirstIndex != _log.Index.LastIndex + 1 || header.PreviousTerm != _log.Index.TermOf(_log.Index.LastIndex))
        {
            throw Corruption(segment, 0, $"it should follow entry {header.FirstIndex - 1}, but the one before ends with {_log.Index.LastIndex}");
        }
    }

    /// <summary>Behind the last whole batch there may be remains of writes that were never synced. Anything that was synced once is told
    /// by the durable offset in a later record, and must not be cut.</summary>
    private void CutTornTail(Segment segment, in SegmentScan scan)
    {
        var used = scan.Used();
        if (used <= scan.End)
        {
            return;
        }

        if (scan.DurableBehindEnd() > scan.End)
        {
            throw Corruption(segment, scan.Break, "a record doesn't match its checksum, and a later record proves that it was synced");
        }

        _log.TornTail = new WalTornTail(segment.Name, scan.End, used - scan.End);
        var zeroes = new byte[ZeroChunkBytes];
        for (var offset = scan.End; offset < used; offset += ZeroChunkBytes)
        {
            segment.File.Write(offset, zeroes.AsSpan(0, (int)Math.Min(ZeroChunkBytes, used - offset)));
        }
    }

    /// <summary>What was read may be in the page cache only: the writing process died before its sync, or the sync failed and left the
    /// pages marked clean. Written again and synced, it is durable.</summary>
    private static void MakeDurable(Segment segment, in SegmentScan scan, ReadOnlySpan<byte> bytes)
    {
        if (scan.End > scan.Durable)
        {
            segment.File.Write(scan.Durable, bytes[(int)scan.Durable..(int)scan.End]);
        }

        try
        {
            segment.File.Preallocate(segment.Capacity);
        }
        catch (DiskFullException)
        {
            segment.Capacity = segment.End; // a sparse copy on a full disk: the next batch needs a new segment
        }

        segment.File.SyncData();
    }

    private void CheckCommit(Segment segment, bool isLast)
    {
        if (isLast && _log.HardState.Commit > _log.Index.LastIndex)
        {
            throw Corruption(
                segment, segment.End, $"the log ends with entry {_log.Index.LastIndex}, but entry {_log.HardState.Commit} was committed");
        }
    }

    private static WalCorruptionException Corruption(Segment segment, long offset, string problem) => new(segment.Name, offset, problem);
}
