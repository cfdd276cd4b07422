using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Leases;

namespace Krewe.Grains.Keyspace.Evaluation;

public sealed partial class TailBatch
{
    /// <summary>Whether a lease exists at the tail.</summary>
    public bool LeaseExists(long id) => _tail.Leases.Exists(id);

    /// <summary>Whether an entry on its way grants or revokes the lease.</summary>
    public bool IsLeasePending(long id) => _tail.Leases.IsPending(id);

    /// <summary>Grants a lease (behaviour 159). ID and TTL are chosen and bounded by the caller (158, 160-162).</summary>
    public EtcdError GrantLease(long id, long ttlSeconds)
    {
        if (HasAlarm(AlarmType.Corrupt))
        {
            return EtcdError.Corrupt;
        }

        if (HasAlarm(AlarmType.NoSpace))
        {
            return EtcdError.NoSpace;
        }

        if (_tail.Leases.Exists(id))
        {
            return EtcdError.LeaseExists;
        }

        _tail.Leases.Set(id, exists: true);
        _tail.Writer.GrantLease(id, ttlSeconds);
        return EtcdError.None;
    }

    /// <summary>Revokes a lease and deletes its keys in one revision, in key order (behaviours 165-167).</summary>
    /// <param name="id">The lease.</param>
    /// <param name="revision">The store revision after it; unchanged if the lease has no keys.</param>
    public EtcdError RevokeLease(long id, out long revision)
    {
        revision = _tail.Revision;
        if (HasAlarm(AlarmType.Corrupt))
        {
            return EtcdError.Corrupt;
        }

        if (!_tail.Leases.Exists(id))
        {
            return EtcdError.LeaseNotFound;
        }

        foreach (ReadOnlyMemory<byte> key in AttachedKeys(id))
        {
            WriteDelete(key);
        }

        EndMutation();
        revision = _tail.Revision;
        _tail.Leases.Set(id, exists: false);
        _tail.Writer.RevokeLease(id);
        return EtcdError.None;
    }

    /// <summary>Replicates remaining times (behaviour 179). Unknown leases are passed over when it is applied.</summary>
    public void CheckpointLeases(ReadOnlySpan<LeaseCheckpoint> checkpoints) => _tail.Writer.CheckpointLeases(checkpoints);

    // The applied attachments that still hold at the tail, and the pending ones.
    private List<ReadOnlyMemory<byte>> AttachedKeys(long id)
    {
        List<ReadOnlyMemory<byte>> keys = [];
        foreach (ReadOnlyMemory<byte> key in _tail.AppliedLeases.Keys(id))
        {
            if (!_tail.Overlay.TryGet(key.Span, out _))
            {
                keys.Add(key);
            }
        }

        _tail.Overlay.CollectLease(id, keys);
        keys.Sort(static (a, b) => a.Span.SequenceCompareTo(b.Span));
        return keys;
    }
}
