using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Quota;
using Krewe.Grains.Keyspace.Reads;

namespace Krewe.Grains.Keyspace.Evaluation;

public sealed partial class TailBatch
{
    private readonly List<bool> _path = [];
    private bool _inMutation;
    private int _sub;

    // The revision of a response: the new one as soon as something changed (behaviours 69, 70, 73).
    private long ResponseRevision => _inMutation ? _tail.Revision + 1 : _tail.Revision;

    private KvOutcome EvaluatePut(PutRequest put)
    {
        EtcdError error = HasAlarm(AlarmType.Corrupt) ? EtcdError.Corrupt
            : HasAlarm(AlarmType.NoSpace) ? EtcdError.NoSpace
            : CheckPut(put);
        if (error != EtcdError.None)
        {
            return new KvOutcome(null, error);
        }

        PutResult result = RunPut(put);
        EndMutation();
        return new KvOutcome(result, EtcdError.None);
    }

    private KvOutcome EvaluateDelete(DeleteRangeRequest delete)
    {
        if (HasAlarm(AlarmType.Corrupt))
        {
            return new KvOutcome(null, EtcdError.Corrupt);
        }

        DeleteRangeResult result = RunDelete(delete);
        EndMutation();
        return new KvOutcome(result, EtcdError.None);
    }

    private KvOutcome EvaluateRange(RangeRequest range)
    {
        EtcdError error = RangeRevision.Check(range.Revision, _tail.Revision, _tail.CompactRevision);
        return error == EtcdError.None ? new KvOutcome(RunRange(range), EtcdError.None) : new KvOutcome(null, error);
    }

    private KvOutcome EvaluateTxn(TxnRequest txn)
    {
        EtcdError error = CheckAlarms(txn);
        if (error == EtcdError.None)
        {
            _path.Clear();
            ReadTxnEvaluator.Decide(_tail.View, txn, TailView.Latest, _path);
            int step = 0;
            error = CheckTxn(txn, ref step);
        }

        if (error != EtcdError.None)
        {
            return new KvOutcome(null, error);
        }

        int at = 0;
        bool succeeded = _path[0];
        KvResult[] responses = RunTxn(txn, ref at);
        EndMutation();
        var result = new TxnResult { Revision = _tail.Revision, Succeeded = succeeded, Responses = responses };
        _tail.Counters.CountTransaction(result);
        return new KvOutcome(result, EtcdError.None);
    }

    private EtcdError CheckAlarms(TxnRequest txn)
    {
        if (_tail.Alarms.Length == 0)
        {
            return EtcdError.None;
        }

        if (HasAlarm(AlarmType.Corrupt))
        {
            return EtcdError.Corrupt;
        }

        return HasAlarm(AlarmType.NoSpace) && QuotaCost.Of(txn) > 0 ? EtcdError.NoSpace : EtcdError.None;
    }

    // Everything that can fail is checked before anything takes effect, in the branch that will run (behaviours 76-78).
    private EtcdError CheckTxn(TxnRequest txn, ref int step)
    {
        IReadOnlyList<KvOperation> operations = _path[step++] ? txn.Success : txn.Failure;
        for (int i = 0; i < operations.Count; i++)
        {
            EtcdError error = operations[i] switch
            {
                PutRequest put => CheckPut(put),
                RangeRequest range => RangeRevision.CheckInTxn(range.Revision, _tail.Revision, _tail.CompactRevision),
                TxnRequest nested => CheckTxn(nested, ref step),
                DeleteRangeRequest delete => delete.Key.IsEmpty ? EtcdError.EmptyKey : EtcdError.None,
                _ => EtcdError.KeyNotFound,
            };
            if (error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }

    private EtcdError CheckPut(PutRequest put)
    {
        if (put.Key.IsEmpty)
        {
            return EtcdError.EmptyKey;
        }

        if (put.IgnoreValue && !put.Value.IsEmpty)
        {
            return EtcdError.ValueProvided;
        }

        if (put.IgnoreLease && put.Lease != 0)
        {
            return EtcdError.LeaseProvided;
        }

        if (put.Lease != 0 && !_tail.Leases.Exists(put.Lease))
        {
            return EtcdError.LeaseNotFound;
        }

        return (put.IgnoreValue || put.IgnoreLease) && !_tail.View.TryGet(put.Key.Span, TailView.Latest, out _)
            ? EtcdError.KeyNotFound
            : EtcdError.None;
    }

    private KvResult[] RunTxn(TxnRequest txn, ref int step)
    {
        IReadOnlyList<KvOperation> operations = _path[step++] ? txn.Success : txn.Failure;
        var responses = new KvResult[operations.Count];
        for (int i = 0; i < responses.Length; i++)
        {
            responses[i] = operations[i] switch
            {
                PutRequest put => RunPut(put),
                RangeRequest range => RunRange(range),
                DeleteRangeRequest delete => RunDelete(delete),
                TxnRequest nested => RunNested(nested, ref step),
                _ => throw new InvalidOperationException("The operation was not checked."),
            };
        }

        return responses;
    }

    // The header of a nested response is empty (behaviour 71).
    private TxnResult RunNested(TxnRequest nested, ref int step)
    {
        bool succeeded = _path[step];
        return new TxnResult { Succeeded = succeeded, Responses = RunTxn(nested, ref step) };
    }

    private RangeResult RunRange(RangeRequest range) =>
        RangeEvaluator.Evaluate(_tail.View, range, range.Revision > 0 ? range.Revision : TailView.Latest, ResponseRevision);

    private PutResult RunPut(PutRequest put)
    {
        bool exists = _tail.View.TryGet(put.Key.Span, TailView.Latest, out KeyState before);
        KeyValue? prev = exists && (put.PrevKv || put.IgnoreValue) ? _tail.View.Complete(before) : null;
        BeginMutation();
        var version = new PendingVersion
        {
            Main = _tail.Revision + 1,
            Sub = _sub++,
            Create = exists ? before.Create : _tail.Revision + 1,
            Version = exists ? before.Version + 1 : 1,
            Lease = put.IgnoreLease && exists ? before.Lease : put.Lease,
            Value = put.IgnoreValue && prev is { } kept ? kept.Value : put.Value,
            Index = Overlay.Uncommitted,
        };
        _tail.Writer.Put(
            put.Key.Span,
            version.Value.Span,
            version.Lease,
            version.Create == version.Main ? 0 : version.Create,
            version.Version,
            out int keyOffset,
            out int valueOffset);
        _tail.Overlay.Push(put.Key, version, keyOffset, valueOffset);
        return new PutResult { Revision = version.Main, PrevKv = put.PrevKv ? prev : null };
    }

    private DeleteRangeResult RunDelete(DeleteRangeRequest delete)
    {
        var interval = KeyInterval.From(delete.Key, delete.RangeEnd);
        if (interval.IsSingle)
        {
            return RunDeleteOne(delete);
        }

        List<KeyState> states = [];
        while (!_tail.View.Scan(interval, TailView.Latest, int.MaxValue, states, out ReadOnlyMemory<byte> resume))
        {
            interval = interval.After(resume);
        }

        KeyValue[] prev = delete.PrevKv ? new KeyValue[states.Count] : [];
        for (int i = 0; i < prev.Length; i++)
        {
            prev[i] = _tail.View.Complete(states[i]);
        }

        foreach (KeyState state in states)
        {
            WriteDelete(state.Key);
        }

        return new DeleteRangeResult { Revision = ResponseRevision, Deleted = states.Count, PrevKvs = prev };
    }

    private DeleteRangeResult RunDeleteOne(DeleteRangeRequest delete)
    {
        if (!_tail.View.TryGet(delete.Key.Span, TailView.Latest, out KeyState before))
        {
            return new DeleteRangeResult { Revision = ResponseRevision };
        }

        KeyValue[] prev = delete.PrevKv ? [_tail.View.Complete(before)] : [];
        WriteDelete(delete.Key);
        return new DeleteRangeResult { Revision = ResponseRevision, Deleted = 1, PrevKvs = prev };
    }

    private void WriteDelete(ReadOnlyMemory<byte> key)
    {
        BeginMutation();
        _tail.Writer.Delete(key.Span, out int keyOffset);
        _tail.Overlay.Push(
            key, new PendingVersion { Main = _tail.Revision + 1, Sub = _sub++, Index = Overlay.Uncommitted }, keyOffset, valueOffset: -1);
    }

    private void BeginMutation()
    {
        if (!_inMutation)
        {
            _inMutation = true;
            _sub = 0;
            _tail.Writer.BeginMutation();
        }
    }

    private void EndMutation()
    {
        if (_inMutation)
        {
            _inMutation = false;
            _tail.Writer.EndMutation();
            _tail.Revision++;
        }
    }
}
