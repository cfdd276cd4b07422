using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Leases;

namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>
/// Requests that are evaluated at the tail and become one log entry. A request that fails leaves no trace. Belongs to the holder of
/// <see cref="Tail.Gate"/> from <see cref="Tail.TryBegin"/> to <see cref="Commit"/> or <see cref="Rollback"/>. The requests' memory must
/// stay unchanged until their outcomes have been used.
/// </summary>
public sealed partial class TailBatch
{
    private readonly Tail _tail;
    private long _startRevision;
    private long _startCompactRevision;
    private Alarm[] _startAlarms = [];
    private bool _isOpen;

    internal TailBatch(Tail tail) => _tail = tail;

    /// <summary>Commands so far; 0 if nothing would change.</summary>
    public int Commands => _tail.Writer.Commands;

    /// <summary>Bytes of the entry so far, so that the caller can end a batch before it is too large.</summary>
    public int SizeBytes => _tail.Writer.Length;

    /// <summary>Revision after the batch.</summary>
    public long Revision => _tail.Revision;

    /// <summary>Evaluates a put, a range delete or a transaction.</summary>
    public KvOutcome Evaluate(KvOperation operation) => operation switch
    {
        PutRequest put => EvaluatePut(put),
        TxnRequest txn => EvaluateTxn(txn),
        DeleteRangeRequest delete => EvaluateDelete(delete),
        RangeRequest range => EvaluateRange(range),
        _ => throw new ArgumentException("Unknown operation.", nameof(operation)),
    };

    /// <summary>Compacts at a revision (behaviours 97-101).</summary>
    public KvOutcome Compact(long revision)
    {
        if (HasAlarm(AlarmType.Corrupt))
        {
            return new KvOutcome(null, EtcdError.Corrupt);
        }

        if (revision <= _tail.CompactRevision)
        {
            return new KvOutcome(null, EtcdError.Compacted);
        }

        if (revision > _tail.Revision)
        {
            return new KvOutcome(null, EtcdError.FutureRevision);
        }

        _tail.CompactRevision = revision;
        _tail.Writer.Compact(revision);
        return new KvOutcome(new CompactResult { Revision = _tail.Revision }, EtcdError.None);
    }

    /// <summary>Raises an alarm; answers it, or nothing for <see cref="AlarmType.None"/> (behaviour 262).</summary>
    public IReadOnlyList<Alarm> ActivateAlarm(Alarm alarm)
    {
        if (alarm.Type == AlarmType.None)
        {
            return [];
        }

        if (!_tail.Alarms.Contains(alarm))
        {
            _tail.Alarms = [.. _tail.Alarms, alarm];
            _tail.Writer.Alarm(CommandKind.AlarmActivate, alarm);
        }

        return [alarm];
    }

    /// <summary>Removes an alarm; answers the removed one or nothing (behaviour 263).</summary>
    public IReadOnlyList<Alarm> DeactivateAlarm(Alarm alarm)
    {
        if (!_tail.Alarms.Contains(alarm))
        {
            return [];
        }

        _tail.Alarms = Array.FindAll(_tail.Alarms, other => other != alarm);
        _tail.Writer.Alarm(CommandKind.AlarmDeactivate, alarm);
        return [alarm];
    }

    /// <summary>Adds a command of a module; it is evaluated when it is applied.</summary>
    public void AddModuleCommand(CommandKind kind, ReadOnlySpan<byte> payload) => _tail.Writer.Module(kind, payload);

    /// <summary>
    /// The entry's payload. Append it even if it has no commands: what a request without effects was told is certain only once an entry
    /// behind all that it saw is committed in this term.
    /// </summary>
    public ReadOnlyMemory<byte> Seal()
    {
        byte[] entry = _tail.Writer.ToArray();
        _tail.Overlay.Seal(entry);
        return entry;
    }

    /// <summary>The sealed entry is in the log, at the given index.</summary>
    public void Commit(ulong index)
    {
        End();
        _tail.Overlay.Commit(index);
        _tail.Leases.Commit(index);
        _tail.Appended(index);
    }

    /// <summary>The batch is given up: the tail is as it was before.</summary>
    public void Rollback()
    {
        End();
        _tail.Overlay.Rollback();
        _tail.Leases.Rollback();
        _tail.Revision = _startRevision;
        _tail.CompactRevision = _startCompactRevision;
        _tail.Alarms = _startAlarms;
    }

    internal void Begin(ReadOnlySpan<PrefixOwner> owners)
    {
        if (_isOpen)
        {
            throw new InvalidOperationException("The batch before was neither committed nor rolled back.");
        }

        _isOpen = true;
        _startRevision = _tail.Revision;
        _startCompactRevision = _tail.CompactRevision;
        _startAlarms = _tail.Alarms;
        _tail.Writer.Begin(owners, _tail.Revision);
    }

    private void End()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("There is no open batch.");
        }

        _isOpen = false;
    }

    private bool HasAlarm(AlarmType type)
    {
        foreach (Alarm alarm in _tail.Alarms)
        {
            if (alarm.Type == type)
            {
                return true;
            }
        }

        return false;
    }
}
