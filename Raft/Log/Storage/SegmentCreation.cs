using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Log.Storage;

/// <summary>Turns the spare file into a segment: header and first batch are written and synced before it gets its name, and the name is
/// durable before anything is appended. A crash leaves either no segment or a whole one.</summary>
internal readonly struct SegmentCreation(IDisk disk, SpareSegment spare, WalOptions options, BatchBuffer buffer)
{
    private const int PositionBytes = 16;
    private const int HardStateBytes = 24;

    /// <summary>Bytes of the header and the first batch.</summary>
    internal static long InitialBytes(int metadataBytes, SnapshotMarker? snapshot) =>
        SegmentHeader.Size + RecordHeader.SpaceFor(metadataBytes) + RecordHeader.SpaceFor(HardStateBytes)
        + (snapshot is { } marker ? RecordHeader.SpaceFor(PositionBytes + marker.ConfState.Length) : 0);

    /// <summary>Creates a segment with room for <paramref name="space"/> bytes.</summary>
    /// <exception cref="DiskFullException">There is no space; the log is unchanged.</exception>
    internal Segment Create(
        SegmentHeader header, ReadOnlySpan<byte> metadata, HardState hardState, SnapshotMarker? snapshot, long space = 0)
    {
        var initial = InitialBytes(metadata.Length, snapshot);
        var file = spare.Take(initial + space);
        try
        {
            header = Encode(header with { InitialEnd = (uint)initial }, initial, metadata, hardState, snapshot);
            file.Write(0, buffer.Written);
            if (!options.NoSync)
            {
                file.SyncData();
            }

            var name = new SegmentName(header.Sequence, header.FirstIndex).ToString();
            disk.Rename(SpareSegment.Name, name);
            SyncName(name);
            return new Segment(name, file, header) { Capacity = file.Length, End = initial, LastCrc = buffer.Crc };
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            spare.EndTake();
        }
    }

    /// <summary>Once the segment has its name the log can't go on as if nothing had changed, not even when the disk is full.</summary>
    private void SyncName(string name)
    {
        try
        {
            disk.SyncDirectory();
        }
        catch (DiskFullException e)
        {
            throw new IOException($"the new segment {name} could not be made durable: {e.Message}", e);
        }
    }

    private SegmentHeader Encode(
        SegmentHeader header, long bytes, ReadOnlySpan<byte> metadata, HardState hardState, SnapshotMarker? snapshot)
    {
        buffer.Begin(bytes, 0, header.Salt, 0, 0);
        header = header.WriteTo(buffer.ReserveHeader());
        buffer.Chain(header.Crc);
        buffer.Bytes(RecordKind.Metadata, metadata, endsBatch: false);
        buffer.HardState(hardState, endsBatch: snapshot is null);
        if (snapshot is { } marker)
        {
            buffer.Position(RecordKind.Snapshot, marker.Index, marker.Term, marker.ConfState.Span, endsBatch: true);
        }

        return header;
    }
}
