using Krewe.Grains.Keyspace.Values;

namespace Krewe.Grains.Keyspace.Index;

/// <summary>A key with its newest version and the older ones that compaction has not removed. Guarded by the index's lock.</summary>
internal sealed class KeyRecord(byte[] key)
{
    private const int MinHistoryCapacity = 2;

    private HistoricVersion[]? _history;
    private int _start;
    private int _end;
    private ValueRef _value;

    public byte[] Key { get; } = key;

    /// <summary>Revision of the newest version; 0 before there is one.</summary>
    public long Main { get; private set; }

    public int Sub { get; private set; }

    public long Create { get; private set; }

    /// <summary>0 while the key is deleted.</summary>
    public long Version { get; private set; }

    public long Lease { get; private set; }

    public bool IsLive => Version != 0;

    /// <summary>Number of superseded versions held.</summary>
    public int HistoryCount => _end - _start;

    /// <summary>Nothing is left, so the record can leave the index.</summary>
    public bool IsEmpty => Main == 0 && _start == _end;

    public void Put(long main, int sub, long create, long version, long lease, ValueRef value)
    {
        Supersede();
        (Main, Sub, Create, Version, Lease, _value) = (main, sub, create, version, lease, value);
    }

    public void Delete(long main, int sub)
    {
        Supersede();
        (Main, Sub, Create, Version, Lease, _value) = (main, sub, 0, 0, 0, default);
    }

    /// <summary>The newest version, if the key lives.</summary>
    public bool TryGetLatest(out KeyState state)
    {
        if (!IsLive)
        {
            state = default;
            return false;
        }

        bool cached = _value.TryGet(out ReadOnlyMemory<byte> value);
        state = new KeyState(Key, Main, Sub, Create, Version, cached, Lease, value);
        return true;
    }

    /// <summary>The version that a read at the revision sees, if the key lived then.</summary>
    public bool TryGetAt(long revision, out KeyState state)
    {
        if (Main <= revision)
        {
            return TryGetLatest(out state);
        }

        int at = FindAt(revision);
        if (at < 0 || _history![at].IsTombstone)
        {
            state = default;
            return false;
        }

        ref readonly HistoricVersion version = ref _history[at];
        state = new KeyState(Key, version.Main, version.Sub, version.Create, version.Version, IsComplete: false, 0, default);
        return true;
    }

    public bool IsLiveAt(long revision)
    {
        if (Main <= revision)
        {
            return IsLive;
        }

        int at = FindAt(revision);
        return at >= 0 && !_history![at].IsTombstone;
    }

    /// <summary>Superseded versions older than the given one, oldest first.</summary>
    public ReadOnlySpan<HistoricVersion> VersionsBefore(long main, int sub)
    {
        int end = _start;
        while (end < _end && _history![end].IsBefore(main, sub))
        {
            end++;
        }

        return _history.AsSpan(_start, end - _start);
    }

    /// <summary>Takes a version older than the given one out of the record, oldest first.</summary>
    public bool TryDropBefore(long main, int sub, out HistoricVersion dropped)
    {
        if (_start == _end || !_history![_start].IsBefore(main, sub))
        {
            dropped = default;
            return false;
        }

        dropped = _history[_start++];
        TrimHistory();
        return true;
    }

    /// <summary>Takes the given tombstone out, which must be the oldest version.</summary>
    public bool TryDropTombstone(long main, int sub)
    {
        if (_start < _end)
        {
            ref readonly HistoricVersion oldest = ref _history![_start];
            if (oldest.Main != main || oldest.Sub != sub || !oldest.IsTombstone)
            {
                return false;
            }

            _start++;
            TrimHistory();
            return true;
        }

        if (Main != main || Sub != sub || IsLive)
        {
            return false;
        }

        Main = 0;
        Sub = 0;
        return true;
    }

    // Last version at or below the revision; -1 if there is none.
    private int FindAt(long revision)
    {
        int low = _start;
        int high = _end - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (_history![middle].Main <= revision)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high < _start ? -1 : high;
    }

    private void Supersede()
    {
        if (Main == 0)
        {
            return;
        }

        if (_history is null)
        {
            _history = new HistoricVersion[MinHistoryCapacity];
        }
        else if (_end == _history.Length)
        {
            MakeRoom();
        }

        _history[_end++] = new HistoricVersion(Main, Sub, Create, Version);
    }

    private void MakeRoom()
    {
        int count = _end - _start;
        HistoricVersion[] target = count > _history!.Length / 2 ? new HistoricVersion[_history.Length * 2] : _history;
        Array.Copy(_history, _start, target, 0, count);
        (_history, _start, _end) = (target, 0, count);
    }

    private void TrimHistory()
    {
        if (_start == _end)
        {
            (_history, _start, _end) = (null, 0, 0);
            return;
        }

        int count = _end - _start;
        if (_history!.Length >= 32 && count <= _history.Length / 4)
        {
            var smaller = new HistoricVersion[_history.Length / 2];
            Array.Copy(_history, _start, smaller, 0, count);
            (_history, _start, _end) = (smaller, 0, count);
        }
    }
}
