using System.Buffers.Binary;
using System.Diagnostics;
using Krewe.Raft.Core;

namespace Krewe.Raft.Log.Format;

/// <summary>Encodes the records of one batch into a buffer that is kept for the next.</summary>
internal sealed class BatchBuffer
{
    /// <summary>A buffer larger than this, in bytes, is given back after its batch.</summary>
    internal const int MaxKeptBytes = 8 * 1024 * 1024;

    private const int InitialBytes = 64 * 1024;

    private byte[] _bytes = NewBuffer(InitialBytes);
    private int _length;
    private long _start;
    private uint _salt;
    private uint _durable;

    /// <summary>CRC of the last record.</summary>
    internal uint Crc { get; private set; }

    /// <summary>The encoded bytes.</summary>
    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Begins a batch of at most <paramref name="capacity"/> bytes at <paramref name="start"/> of the segment.</summary>
    internal void Begin(long capacity, long start, uint salt, uint previousCrc, long durable)
    {
        if (_bytes.Length < capacity || (_bytes.Length > MaxKeptBytes && capacity <= MaxKeptBytes))
        {
            _bytes = NewBuffer((int)Math.Max(InitialBytes, capacity));
        }

        _length = 0;
        _start = start;
        _salt = salt;
        _durable = (uint)durable;
        Crc = previousCrc;
    }

    /// <summary>Leaves room for a segment header; its bytes are the caller's to fill.</summary>
    internal Span<byte> ReserveHeader()
    {
        Debug.Assert(_length == 0 && _start == 0, "the header is at the start of the segment");
        _length = SegmentHeader.Size;
        return _bytes.AsSpan(0, SegmentHeader.Size);
    }

    /// <summary>Sets what the first record is chained to.</summary>
    internal void Chain(uint crc) => Crc = crc;

    internal uint Entry(in Entry entry, bool endsBatch)
    {
        var offset = (uint)(_start + _length);
        var payload = Payload(16 + entry.Data.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, entry.Index);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], entry.Term);
        entry.Data.Span.CopyTo(payload[16..]);
        Seal(payload.Length, RecordKind.Entry, endsBatch, entry.Kind);
        return offset;
    }

    internal void HardState(in HardState state, bool endsBatch)
    {
        var payload = Payload(24);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, state.Term);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], state.Vote);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], state.Commit);
        Seal(payload.Length, RecordKind.HardState, endsBatch);
    }

    /// <summary>A record that begins with an index and its term: a snapshot marker or a truncation.</summary>
    internal void Position(RecordKind kind, ulong index, ulong term, ReadOnlySpan<byte> rest, bool endsBatch)
    {
        var payload = Payload(16 + rest.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, index);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], term);
        rest.CopyTo(payload[16..]);
        Seal(payload.Length, kind, endsBatch);
    }

    internal void Bytes(RecordKind kind, ReadOnlySpan<byte> bytes, bool endsBatch)
    {
        bytes.CopyTo(Payload(bytes.Length));
        Seal(bytes.Length, kind, endsBatch);
    }

    private static byte[] NewBuffer(int bytes) => GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    private Span<byte> Payload(int length) => _bytes.AsSpan(_length + RecordHeader.Size, length);

    private void Seal(int length, RecordKind kind, bool endsBatch, EntryKind entryKind = EntryKind.Normal)
    {
        var space = (int)RecordHeader.SpaceFor(length);
        var header = new RecordHeader(0, Crc, _durable, length, kind, endsBatch, entryKind);
        Crc = RecordHeader.Seal(_bytes.AsSpan(_length, space), length, (uint)(_start + _length), _salt, header);
        _length += space;
    }
}
