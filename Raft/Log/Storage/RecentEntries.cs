using Krewe.Raft.Core;

namespace Krewe.Raft.Log.Storage;

/// <summary>The newest entries, up to a number of payload bytes, so that replication and apply rarely read the disk.</summary>
internal sealed class RecentEntries(long maxBytes)
{
    private Entry[] _ring = new Entry[256];
    private int _head;
    private int _count;
    private long _bytes;

    /// <summary>Index of the oldest entry held; <see cref="ulong.MaxValue"/> if there is none.</summary>
    internal ulong FirstIndex => _count == 0 ? ulong.MaxValue : At(0).Index;

    /// <summary>The entry at an index that is not before <see cref="FirstIndex"/>.</summary>
    internal ref readonly Entry this[ulong index] => ref At((int)(index - At(0).Index));

    internal void Add(in Entry entry)
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + _count++) & (_ring.Length - 1)] = entry;
        _bytes += entry.Data.Length;
        while (_bytes > maxBytes && _count > 0)
        {
            RemoveOldest();
        }
    }

    internal void TruncateTo(ulong lastIndex)
    {
        while (_count > 0 && At(_count - 1).Index > lastIndex)
        {
            ref var newest = ref At(--_count);
            _bytes -= newest.Data.Length;
            newest = default;
        }
    }

    internal void ReleaseTo(ulong firstIndex)
    {
        while (_count > 0 && At(0).Index < firstIndex)
        {
            RemoveOldest();
        }
    }

    private ref Entry At(int position) => ref _ring[(_head + position) & (_ring.Length - 1)];

    private void RemoveOldest()
    {
        ref var oldest = ref At(0);
        _bytes -= oldest.Data.Length;
        oldest = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        _ring = larger;
        _head = 0;
    }
}
