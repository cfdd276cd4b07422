namespace Krewe.Raft.Core;

/// <summary>
/// The entries that are in memory: a contiguous range of the log in fixed blocks. A slot is written once: truncation copies
/// the block, so slices that were handed out (to disk, network and apply) stay as they were, without copies or locks.
/// </summary>
internal sealed class EntryCache
{
    /// <summary>Entries in one block; 10 KiB, far from the large object heap.</summary>
    public const int BlockEntries = 256;

    private const int BlockShift = 8;

    /// <summary>What an entry costs beside its payload.</summary>
    private const int EntryOverheadBytes = 40;

    private readonly List<Entry[]> _blocks = [];
    private ulong _firstBlock;

    /// <summary>First cached index; equal to <see cref="Next"/> when empty.</summary>
    public ulong First { get; private set; } = 1;

    /// <summary>Index after the last entry of the log.</summary>
    public ulong Next { get; private set; } = 1;

    public ulong Count => Next - First;

    public long Bytes { get; private set; }

    public ref readonly Entry this[ulong index] => ref _blocks[(int)((index >> BlockShift) - _firstBlock)][(int)(index & (BlockEntries - 1))];

    public bool Contains(ulong index) => index >= First && index < Next;

    public void Append(in Entry entry)
    {
        Invariant.Check(entry.Index == Next, "entries must be appended in order");
        ulong block = Next >> BlockShift;
        if (_blocks.Count == 0)
        {
            _firstBlock = block;
        }

        if (block - _firstBlock == (ulong)_blocks.Count)
        {
            _blocks.Add(new Entry[BlockEntries]);
        }

        _blocks[^1][(int)(Next & (BlockEntries - 1))] = entry;
        Next++;
        Bytes += entry.Data.Length + EntryOverheadBytes;
    }

    /// <summary>Forgets the entries from <paramref name="index"/> on.</summary>
    public void TruncateFrom(ulong index)
    {
        Invariant.Check(index <= Next, "truncation point is behind the end");
        if (index <= First)
        {
            Reset(index);
            return;
        }

        for (ulong i = index; i < Next; i++)
        {
            Bytes -= this[i].Data.Length + EntryOverheadBytes;
        }

        Next = index;
        int keep = (int)(((index - 1) >> BlockShift) - _firstBlock) + 1;
        _blocks.RemoveRange(keep, _blocks.Count - keep);
        int used = (int)(index & (BlockEntries - 1));
        if (used != 0)
        {
            var copy = new Entry[BlockEntries];
            _blocks[^1].AsSpan(0, used).CopyTo(copy);
            _blocks[^1] = copy;
        }
    }

    /// <summary>Forgets the entries up to <paramref name="index"/>; they are on stable storage.</summary>
    public void EvictTo(ulong index)
    {
        index = Math.Min(index, Next - 1);
        if (index < First)
        {
            return;
        }

        for (ulong i = First; i <= index; i++)
        {
            Bytes -= this[i].Data.Length + EntryOverheadBytes;
        }

        First = index + 1;
        if (First == Next)
        {
            _blocks.Clear();
            return;
        }

        int drop = (int)((First >> BlockShift) - _firstBlock);
        if (drop > 0)
        {
            _blocks.RemoveRange(0, drop);
            _firstBlock += (ulong)drop;
        }
    }

    /// <summary>Empties the cache; the next entry to come has index <paramref name="next"/>.</summary>
    public void Reset(ulong next)
    {
        _blocks.Clear();
        First = next;
        Next = next;
        Bytes = 0;
    }

    /// <summary>A slice without copying, which ends at <paramref name="toExclusive"/>, at the block's end or where the size limit is.</summary>
    public ReadOnlyMemory<Entry> Slice(ulong from, ulong toExclusive, int maxBytes)
    {
        Entry[] block = _blocks[(int)((from >> BlockShift) - _firstBlock)];
        int start = (int)(from & (BlockEntries - 1));
        int end = (int)Math.Min((ulong)BlockEntries, (ulong)start + (toExclusive - from));
        long bytes = 0;
        int stop = start;
        while (stop < end)
        {
            bytes += block[stop].Data.Length;
            if (bytes > maxBytes && stop > start)
            {
                break;
            }

            stop++;
        }

        return block.AsMemory(start, stop - start);
    }
}
