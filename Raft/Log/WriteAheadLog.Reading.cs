using System.Buffers.Binary;
using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;
using Krewe.Raft.Log.Storage;

namespace Krewe.Raft.Log;

/// <content>Reads for replication and apply. Entries that were appended are seen whether they are synced or not.</content>
public sealed partial class WriteAheadLog
{
    /// <summary>Bound of one read from the disk, in bytes, unless a single entry is larger.</summary>
    internal const int ReadChunkBytes = 1024 * 1024;

    private const int ReadChunkEntries = 256;

    /// <summary>The term of the entry at <paramref name="index"/>, from the one before <see cref="FirstIndex"/> to <see cref="LastIndex"/>.</summary>
    /// <exception cref="EntriesReleasedException">The entry is before that.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The entry is behind <see cref="LastIndex"/>.</exception>
    public ulong Term(ulong index)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(index, _index.LastIndex);
            return _index.HasTerm(index) ? _index.TermOf(index) : throw Released(index);
        }
    }

    /// <summary>Adds the entries from <paramref name="from"/> up to, without, <paramref name="toExclusive"/> to <paramref name="into"/>:
    /// as many as have <paramref name="maxBytes"/> bytes of payload together, but at least one if the range isn't empty.</summary>
    /// <exception cref="EntriesReleasedException"><paramref name="from"/> is before <see cref="FirstIndex"/>, or was released meanwhile.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="toExclusive"/> is behind the end, or before <paramref name="from"/>.</exception>
    /// <exception cref="WalCorruptionException">What is read from the disk doesn't match its checksum.</exception>
    public void Read(ulong from, ulong toExclusive, long maxBytes, ICollection<Entry> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentOutOfRangeException.ThrowIfLessThan(toExclusive, from);
        var budget = new ReadBudget(maxBytes);
        Span<uint> offsets = stackalloc uint[ReadChunkEntries];
        var next = from;
        do
        {
            Segment segment;
            long end;
            int count;
            lock (_gate)
            {
                CheckRange(next, toExclusive);
                if (next == toExclusive)
                {
                    break;
                }

                segment = _index.SegmentOf(next);
                count = PlanChunk(segment, next, toExclusive, offsets, out end);
            }

            next += (ulong)ReadChunk(segment, next, offsets[..count], end, ref budget, into);
        }
        while (!budget.IsSpent);
    }

    private static EntriesReleasedException Released(ulong index) => new($"entry {index} was released");

    /// <summary>Where the next entries of a segment are, and where the last of them ends at the latest.</summary>
    private static int PlanChunk(Segment segment, ulong from, ulong toExclusive, Span<uint> offsets, out long end)
    {
        var live = segment.OffsetsFrom(from);
        var count = (int)Math.Min((ulong)Math.Min(live.Length, offsets.Length), toExclusive - from);
        for (var i = 1; i < count; i++)
        {
            if (live[i] - live[0] > ReadChunkBytes)
            {
                count = i;
            }
        }

        live[..count].CopyTo(offsets);
        end = count < live.Length ? live[count] : segment.End;
        return count;
    }

    private static int ReadChunk(
        Segment segment, ulong from, ReadOnlySpan<uint> offsets, long end, ref ReadBudget budget, ICollection<Entry> into)
    {
        var start = offsets[0];
        end = EndOfLast(segment, from, offsets[^1], end);
        end = EndWithinBudget(offsets, end, budget);
        var bytes = GC.AllocateUninitializedArray<byte>((int)(end - start));
        ReadFile(segment, from, start, bytes);
        for (var i = 0; i < offsets.Length; i++)
        {
            if (i > 0 && offsets[i] >= end)
            {
                return i;
            }

            var entry = Decode(segment, from + (ulong)i, bytes, start, offsets[i]);
            if (!budget.TrySpend(entry.Data.Length))
            {
                return i;
            }

            into.Add(entry);
        }

        return offsets.Length;
    }

    /// <summary>Cuts what is read behind the entry with which the budget is certainly spent.</summary>
    private static long EndWithinBudget(ReadOnlySpan<uint> offsets, long end, in ReadBudget budget)
    {
        for (var i = 1; i < offsets.Length; i++)
        {
            var payloadAtLeast = offsets[i] - offsets[0] - (i * (RecordHeader.Size + EntryOverhead + RecordHeader.Alignment));
            if (payloadAtLeast > budget.RemainingBytes)
            {
                return offsets[i];
            }
        }

        return end;
    }

    /// <summary>Void records may lie between a live entry and the next; many of them are not worth reading.</summary>
    private static long EndOfLast(Segment segment, ulong from, long offset, long end)
    {
        if (end - offset <= ReadChunkBytes)
        {
            return end;
        }

        Span<byte> header = stackalloc byte[RecordHeader.Size];
        ReadFile(segment, from, offset, header);
        return Math.Min(end, offset + RecordHeader.SpaceOf(header));
    }

    private static void ReadFile(Segment segment, ulong from, long start, Span<byte> bytes)
    {
        try
        {
            if (segment.File.Read(start, bytes) != bytes.Length)
            {
                throw new WalCorruptionException(segment.Name, start, "the file is shorter than its records");
            }
        }
        catch (ObjectDisposedException)
        {
            throw Released(from); // a release overtook this read
        }
    }

    private static Entry Decode(Segment segment, ulong index, byte[] bytes, long start, long offset)
    {
        if (!RecordHeader.TryRead(bytes, start, offset, segment.Header.Salt, out var header) || header.Kind != RecordKind.Entry)
        {
            throw new WalCorruptionException(segment.Name, offset, $"entry {index} doesn't match its checksum");
        }

        var payload = bytes.AsMemory((int)(offset - start) + RecordHeader.Size, header.Length);
        if (BinaryPrimitives.ReadUInt64LittleEndian(payload.Span) != index)
        {
            throw new WalCorruptionException(segment.Name, offset, $"it holds another entry than {index}");
        }

        var term = BinaryPrimitives.ReadUInt64LittleEndian(payload.Span[8..]);
        return new Entry(index, term, header.EntryKind, payload[EntryOverhead..]);
    }

    private void CheckRange(ulong from, ulong toExclusive)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(toExclusive, _index.LastIndex + 1);
        if (from < _index.FirstIndex)
        {
            throw Released(from);
        }
    }
}
