namespace Krewe.Grains.Keyspace.Leases;

/// <summary>Granted leases and the keys attached to them. The apply thread changes it; any thread may read.</summary>
public sealed class LeaseTable
{
    private readonly Lock _gate = new();
    private Dictionary<long, LeaseRecord> _leases = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _leases.Count;
            }
        }
    }

    /// <summary>Attachments to leases that do not exist: always 0 unless the state is damaged.</summary>
    public long DanglingAttachments { get; private set; }

    public bool Contains(long id)
    {
        lock (_gate)
        {
            return _leases.ContainsKey(id);
        }
    }

    public bool TryGet(long id, out LeaseInfo lease)
    {
        lock (_gate)
        {
            bool found = _leases.TryGetValue(id, out LeaseRecord? record);
            lease = found ? new LeaseInfo(id, record!.TtlSeconds, record.RemainingSeconds) : default;
            return found;
        }
    }

    /// <summary>All leases, in no order.</summary>
    public LeaseInfo[] Snapshot()
    {
        lock (_gate)
        {
            var all = new LeaseInfo[_leases.Count];
            int at = 0;
            foreach ((long id, LeaseRecord record) in _leases)
            {
                all[at++] = new LeaseInfo(id, record.TtlSeconds, record.RemainingSeconds);
            }

            return all;
        }
    }

    /// <summary>Keys attached to a lease, in key order; none for an unknown one.</summary>
    public ReadOnlyMemory<byte>[] Keys(long id)
    {
        lock (_gate)
        {
            if (!_leases.TryGetValue(id, out LeaseRecord? record))
            {
                return [];
            }

            var keys = new ReadOnlyMemory<byte>[record.Keys.Count];
            int at = 0;
            foreach (byte[] key in record.Keys)
            {
                keys[at++] = key;
            }

            return keys;
        }
    }

    internal void Grant(long id, long ttlSeconds, long remainingSeconds = 0)
    {
        lock (_gate)
        {
            _leases.TryAdd(id, new LeaseRecord(ttlSeconds) { RemainingSeconds = remainingSeconds });
        }
    }

    internal void Revoke(long id)
    {
        lock (_gate)
        {
            _leases.Remove(id);
        }
    }

    internal void Checkpoint(long id, long remainingSeconds)
    {
        lock (_gate)
        {
            if (_leases.TryGetValue(id, out LeaseRecord? record))
            {
                record.RemainingSeconds = remainingSeconds;
            }
        }
    }

    internal void Attach(long id, byte[] key)
    {
        lock (_gate)
        {
            if (_leases.TryGetValue(id, out LeaseRecord? record))
            {
                record.Keys.Add(key);
            }
            else
            {
                DanglingAttachments++;
            }
        }
    }

    internal void Detach(long id, byte[] key)
    {
        lock (_gate)
        {
            if (_leases.TryGetValue(id, out LeaseRecord? record))
            {
                record.Keys.Remove(key);
            }
        }
    }

    /// <summary>Takes over all of a table that nobody else uses; a reader sees the leases before or those after.</summary>
    internal void TakeFrom(LeaseTable loaded)
    {
        lock (_gate)
        {
            _leases = loaded._leases;
            DanglingAttachments = loaded.DanglingAttachments;
        }
    }
}
