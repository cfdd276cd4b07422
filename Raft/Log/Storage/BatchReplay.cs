using System.Buffers.Binary;
using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Log.Storage;

/// <summary>Repeats the effect of each record of a whole batch on the state that is being recovered.</summary>
internal ref struct BatchReplay(RecoveredLog log, Segment segment, ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Applies the records from <paramref name="start"/> up to <paramref name="end"/>, all known to be undamaged.</summary>
    internal readonly void Apply(long start, long end)
    {
        for (var offset = start; offset < end;)
        {
            if (!RecordHeader.TryRead(_bytes, 0, offset, segment.Header.Salt, out var header))
            {
                throw Corruption(offset, "a record changed while it was read");
            }

            Apply(offset, header, _bytes.Slice((int)offset + RecordHeader.Size, header.Length));
            offset += header.Space;
        }
    }

    private readonly void Apply(long offset, in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Kind)
        {
            case RecordKind.Metadata:
                log.Metadata = payload.ToArray();
                break;
            case RecordKind.Entry:
                ApplyEntry(offset, U64(offset, payload, 0), U64(offset, payload, 8));
                break;
            case RecordKind.HardState:
                log.HardState = new HardState(U64(offset, payload, 0), U64(offset, payload, 8), U64(offset, payload, 16));
                break;
            case RecordKind.Snapshot:
                log.Snapshot = Marker(offset, payload);
                break;
            case RecordKind.SnapshotReset:
                var marker = Marker(offset, payload);
                log.Snapshot = marker;
                log.Index.Reset(marker.Index, marker.Term);
                break;
            case RecordKind.Truncation:
                ApplyTruncation(offset, U64(offset, payload, 0), U64(offset, payload, 8));
                break;
            case RecordKind.Watermark:
                break;
            default:
                throw Corruption(offset, $"it has a record of unknown kind {(int)header.Kind}, perhaps of a newer release");
        }
    }

    private readonly void ApplyEntry(long offset, ulong index, ulong term)
    {
        if (index != log.Index.LastIndex + 1)
        {
            throw Corruption(offset, $"entry {index} follows entry {log.Index.LastIndex}");
        }

        log.Index.Add(index, term, (uint)offset);
    }

    private readonly void ApplyTruncation(long offset, ulong lastIndex, ulong term)
    {
        if (lastIndex > log.Index.LastIndex)
        {
            throw Corruption(offset, $"a truncation to entry {lastIndex} follows entry {log.Index.LastIndex}");
        }

        if (!log.Index.HasTerm(lastIndex))
        {
            // The entries up to lastIndex were in segments that have been released.
            log.Index.Reset(lastIndex, term);
            return;
        }

        if (log.Index.TermOf(lastIndex) != term)
        {
            throw Corruption(offset, $"entry {lastIndex} has term {log.Index.TermOf(lastIndex)} instead of {term}");
        }

        log.Index.TruncateTo(lastIndex);
    }

    private readonly SnapshotMarker Marker(long offset, ReadOnlySpan<byte> payload) =>
        new(U64(offset, payload, 0), U64(offset, payload, 8), payload[16..].ToArray());

    private readonly ulong U64(long offset, ReadOnlySpan<byte> payload, int at) => payload.Length >= at + sizeof(ulong)
        ? BinaryPrimitives.ReadUInt64LittleEndian(payload[at..])
        : throw Corruption(offset, "a record is too short for its kind");

    private readonly WalCorruptionException Corruption(long offset, string problem) => new(segment.Name, offset, problem);
}
