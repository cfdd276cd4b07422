using Krewe.Raft.Log.Format;

namespace Krewe.Raft.Log.Storage;

/// <summary>Walks the chain of records of one segment and judges what is behind its end.</summary>
internal ref struct SegmentScan
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly uint _salt;

    internal SegmentScan(ReadOnlySpan<byte> bytes, in SegmentHeader header)
    {
        _bytes = bytes;
        _salt = header.Salt;
        Durable = header.InitialEnd;
        End = SegmentHeader.Size;
        Crc = header.Crc;
        Walk(header.Crc);
    }

    /// <summary>Offset behind the last whole batch.</summary>
    internal long End { get; private set; }

    /// <summary>CRC of the last record of the last whole batch.</summary>
    internal uint Crc { get; private set; }

    /// <summary>Offset below which all was synced, as far as the records before <see cref="End"/> tell.</summary>
    internal uint Durable { get; private set; }

    /// <summary>The first place at or behind <see cref="End"/> where the chain of undamaged records breaks.</summary>
    internal long Break { get; private set; }

    /// <summary>Offset behind the last byte that is not zero.</summary>
    internal readonly long Used()
    {
        var last = _bytes.LastIndexOfAnyExcept((byte)0);
        return last + 1;
    }

    /// <summary>The highest durable offset in any undamaged record behind <see cref="End"/>.</summary>
    internal readonly uint DurableBehindEnd()
    {
        uint durable = 0;
        for (var offset = End; offset + RecordHeader.Size <= _bytes.Length; offset += RecordHeader.Alignment)
        {
            if (RecordHeader.TryRead(_bytes, 0, offset, _salt, out var header))
            {
                durable = Math.Max(durable, header.Durable);
            }
        }

        return durable;
    }

    private void Walk(uint crc)
    {
        Break = End;
        var durable = Durable;
        while (RecordHeader.TryRead(_bytes, 0, Break, _salt, out var header) && header.PreviousCrc == crc)
        {
            crc = header.Crc;
            durable = Math.Max(durable, header.Durable);
            Break += header.Space;
            if (header.EndsBatch)
            {
                End = Break;
                Crc = crc;
                Durable = durable;
            }
        }
    }
}
