using Krewe.Grains.Keyspace.Leases;

namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>Leases granted or revoked beyond the applied state. Guarded by the tail's gate.</summary>
internal sealed class LeaseOverlay(LeaseTable applied)
{
    private readonly Dictionary<long, PendingLease> _pending = [];
    private readonly Queue<(ulong Index, long Id)> _retiring = new();
    private readonly List<(long Id, PendingLease? Before)> _changes = [];

    public bool Exists(long id) => _pending.TryGetValue(id, out PendingLease pending) ? pending.Exists : applied.Contains(id);

    /// <summary>Whether an entry that is not applied grants or revokes it.</summary>
    public bool IsPending(long id) => _pending.ContainsKey(id);

    public void Set(long id, bool exists)
    {
        _changes.Add((id, _pending.TryGetValue(id, out PendingLease before) ? before : null));
        _pending[id] = new PendingLease(exists, Overlay.Uncommitted);
    }

    public void Commit(ulong index)
    {
        foreach ((long id, _) in _changes)
        {
            _pending[id] = _pending[id] with { Index = index };
            _retiring.Enqueue((index, id));
        }

        _changes.Clear();
    }

    public void Rollback()
    {
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            (long id, PendingLease? before) = _changes[i];
            if (before is { } lease)
            {
                _pending[id] = lease;
            }
            else
            {
                _pending.Remove(id);
            }
        }

        _changes.Clear();
    }

    public void Retire(ulong appliedIndex)
    {
        while (_retiring.TryPeek(out (ulong Index, long Id) oldest) && oldest.Index <= appliedIndex)
        {
            _retiring.Dequeue();
            if (_pending.TryGetValue(oldest.Id, out PendingLease pending) && pending.Index <= appliedIndex)
            {
                _pending.Remove(oldest.Id);
            }
        }
    }

    public void Clear()
    {
        _pending.Clear();
        _retiring.Clear();
        _changes.Clear();
    }
}
