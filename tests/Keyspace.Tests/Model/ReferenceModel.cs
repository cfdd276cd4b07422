using System.Collections.Immutable;
using System.Text;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Keyspace.Tests.Model;

/// <summary>
/// A naive keyspace that copies everything at every revision, written from the behaviours and not from the implementation: the yardstick
/// of the randomised tests.
/// </summary>
internal sealed class ReferenceModel
{
    private readonly List<ModelState> _byIndex = [ModelState.Empty];
    private readonly SortedDictionary<long, ModelState> _byRevision = new() { [1] = ModelState.Empty };
    private readonly SortedDictionary<long, List<WatchEvent>> _events = [];
    private ModelState _state = ModelState.Empty;
    private List<WatchEvent>? _changes;

    public ModelState State => _state;

    public ModelState At(long revision) => _byRevision[revision];

    /// <summary>The entry that was just evaluated has the next log index.</summary>
    public void Commit() => _byIndex.Add(_state);

    /// <summary>Goes back to what the entry with the index left behind.</summary>
    public void TruncateTo(int index)
    {
        _byIndex.RemoveRange(index + 1, _byIndex.Count - index - 1);
        _state = _byIndex[index];
        foreach (long revision in _byRevision.Keys.Where(revision => revision > _state.Revision).ToArray())
        {
            _byRevision.Remove(revision);
            _events.Remove(revision);
        }
    }

    public KvOutcome Evaluate(KvOperation operation)
    {
        EtcdError error = Check(operation, _state);
        if (error != EtcdError.None)
        {
            return new KvOutcome(null, error);
        }

        ModelState before = _state;
        _changes = [];
        KvResult result = Run(operation, before, nested: false);
        Finish(before);
        return new KvOutcome(result, EtcdError.None);
    }

    public EtcdError Grant(long id, long ttl)
    {
        if (_state.Leases.ContainsKey(id))
        {
            return EtcdError.LeaseExists;
        }

        _state = _state with { Leases = _state.Leases.Add(id, ttl) };
        return EtcdError.None;
    }

    public EtcdError Revoke(long id, out long revision)
    {
        revision = _state.Revision;
        if (!_state.Leases.ContainsKey(id))
        {
            return EtcdError.LeaseNotFound;
        }

        ModelState before = _state;
        _changes = [];
        foreach ((string key, KeyValue kv) in before.Keys)
        {
            if (kv.Lease == id)
            {
                Remove(key, before);
            }
        }

        Finish(before);
        revision = _state.Revision;
        _state = _state with { Leases = _state.Leases.Remove(id) };
        return EtcdError.None;
    }

    public EtcdError Compact(long revision)
    {
        if (revision <= _state.CompactRevision)
        {
            return EtcdError.Compacted;
        }

        if (revision > _state.Revision)
        {
            return EtcdError.FutureRevision;
        }

        _state = _state with { CompactRevision = revision };
        return EtcdError.None;
    }

    /// <summary>A plain range on a member that has applied up to the current revision.</summary>
    public KvOutcome Range(RangeRequest request, long current, long compactRevision)
    {
        if (request.Revision > current)
        {
            return new KvOutcome(null, EtcdError.FutureRevision);
        }

        if (request.Revision > 0 && request.Revision < compactRevision)
        {
            return new KvOutcome(null, EtcdError.Compacted);
        }

        long revision = request.Revision > 0 ? request.Revision : current;
        return new KvOutcome(RangeOf(request, At(revision).Keys, current), EtcdError.None);
    }

    public IEnumerable<RevisionEvents> Events(long from, long to, Func<string, bool> wanted, long compactRevision) =>
        from pair in _events
        where pair.Key >= @from && pair.Key <= to
        let events = pair.Value.Where(change => wanted(Text(change.Kv.Key))).Select(change => WithoutCompacted(change, compactRevision)).ToArray()
        where events.Length > 0
        select new RevisionEvents(pair.Key, events);

    public static bool Contains(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, string candidate)
    {
        string start = Text(key);
        string end = Text(rangeEnd);
        return end.Length == 0 ? candidate == start
            : string.CompareOrdinal(candidate, start) >= 0 && (end == "\0" || string.CompareOrdinal(candidate, end) < 0);
    }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    private static WatchEvent WithoutCompacted(WatchEvent change, long compactRevision) =>
        change.Kv.ModRevision - 1 < compactRevision ? new WatchEvent(change.IsDelete, change.Kv, null) : change;

    private void Finish(ModelState before)
    {
        if (_changes!.Count > 0)
        {
            _state = _state with { Revision = before.Revision + 1 };
            _byRevision[_state.Revision] = _state;
            _events[_state.Revision] = _changes;
        }

        _changes = null;
    }

    private static bool Decide(TxnRequest txn, ModelState before) => txn.Compares.All(compare =>
    {
        KeyValue[] matching = before.Keys.Where(pair => Contains(compare.Key, compare.RangeEnd, pair.Key)).Select(pair => pair.Value).ToArray();
        if (matching.Length == 0)
        {
            return compare.Target != CompareTarget.Value && Holds(compare.Result, 0L.CompareTo(compare.Number));
        }

        return matching.All(kv => Holds(compare.Result, compare.Target switch
        {
            CompareTarget.Value => string.CompareOrdinal(Text(kv.Value), Text(compare.Value)),
            CompareTarget.Version => kv.Version.CompareTo(compare.Number),
            CompareTarget.Create => kv.CreateRevision.CompareTo(compare.Number),
            CompareTarget.Mod => kv.ModRevision.CompareTo(compare.Number),
            _ => kv.Lease.CompareTo(compare.Number),
        }));
    });

    private static bool Holds(CompareResult result, int order) => result switch
    {
        CompareResult.Equal => order == 0,
        CompareResult.Greater => order > 0,
        CompareResult.Less => order < 0,
        _ => order != 0,
    };

    private static EtcdError Check(KvOperation operation, ModelState before)
    {
        switch (operation)
        {
            case PutRequest put:
                return put.Lease != 0 && !before.Leases.ContainsKey(put.Lease) ? EtcdError.LeaseNotFound
                    : (put.IgnoreValue || put.IgnoreLease) && !before.Keys.ContainsKey(Text(put.Key)) ? EtcdError.KeyNotFound
                    : EtcdError.None;
            case RangeRequest range when range.Revision != 0:
                return range.Revision > before.Revision ? EtcdError.FutureRevision
                    : range.Revision < before.CompactRevision ? EtcdError.Compacted
                    : EtcdError.None;
            case TxnRequest txn:
                return (Decide(txn, before) ? txn.Success : txn.Failure).Select(op => Check(op, before)).FirstOrDefault(error => error != EtcdError.None);
            default:
                return EtcdError.None;
        }
    }

    private KvResult Run(KvOperation operation, ModelState before, bool nested)
    {
        switch (operation)
        {
            case PutRequest put:
                return RunPut(put, before);
            case DeleteRangeRequest delete:
                return RunDelete(delete, before);
            case RangeRequest range:
                return RangeOf(range, range.Revision > 0 ? At(range.Revision).Keys : _state.Keys, HeaderRevision(before));
            case TxnRequest txn:
                bool succeeded = Decide(txn, before);
                KvResult[] responses = (succeeded ? txn.Success : txn.Failure).Select(op => Run(op, before, nested: true)).ToArray();
                return new TxnResult { Revision = nested ? 0 : HeaderRevision(before), Succeeded = succeeded, Responses = responses };
            default:
                throw new ArgumentException("Unknown operation.", nameof(operation));
        }
    }

    private long HeaderRevision(ModelState before) => _changes!.Count > 0 ? before.Revision + 1 : before.Revision;

    private PutResult RunPut(PutRequest put, ModelState before)
    {
        string key = Text(put.Key);
        long revision = before.Revision + 1;
        bool exists = _state.Keys.TryGetValue(key, out KeyValue old);
        var now = new KeyValue(
            put.Key,
            exists ? old.CreateRevision : revision,
            revision,
            exists ? old.Version + 1 : 1,
            put.IgnoreValue ? old.Value : put.Value,
            put.IgnoreLease ? old.Lease : put.Lease);
        _state = _state with { Keys = _state.Keys.SetItem(key, now) };
        KeyValue? prev = now.CreateRevision != revision && before.Keys.TryGetValue(key, out KeyValue was) ? was : null;
        _changes!.Add(new WatchEvent(false, now, prev));
        return new PutResult { Revision = revision, PrevKv = put.PrevKv && exists ? old : null };
    }

    private DeleteRangeResult RunDelete(DeleteRangeRequest delete, ModelState before)
    {
        KeyValue[] matching = _state.Keys.Where(pair => Contains(delete.Key, delete.RangeEnd, pair.Key)).Select(pair => pair.Value).ToArray();
        foreach (KeyValue kv in matching)
        {
            Remove(Text(kv.Key), before);
        }

        return new DeleteRangeResult { Revision = HeaderRevision(before), Deleted = matching.Length, PrevKvs = delete.PrevKv ? matching : [] };
    }

    private void Remove(string key, ModelState before)
    {
        KeyValue old = _state.Keys[key];
        KeyValue? prev = before.Keys.TryGetValue(key, out KeyValue was) ? was : null;
        _state = _state with { Keys = _state.Keys.Remove(key) };
        _changes!.Add(new WatchEvent(true, new KeyValue(old.Key, 0, before.Revision + 1, 0, default, 0), prev));
    }

    private static RangeResult RangeOf(RangeRequest request, ImmutableSortedDictionary<string, KeyValue> keys, long headerRevision)
    {
        KeyValue[] all = keys.Where(pair => Contains(request.Key, request.RangeEnd, pair.Key)).Select(pair => pair.Value).ToArray();
        if (request.CountOnly)
        {
            return new RangeResult { Revision = headerRevision, Count = all.Length };
        }

        long limit = request.Limit > 0 ? request.Limit : long.MaxValue;
        bool filters = request.MinModRevision != 0 || request.MaxModRevision != 0 || request.MinCreateRevision != 0 || request.MaxCreateRevision != 0;
        bool limitFirst = !filters && request.SortOrder == SortOrder.None;
        IEnumerable<KeyValue> kvs = all;
        if (limitFirst)
        {
            // One beyond the limit takes part in the sort, as etcd has it (behaviour 28).
            kvs = kvs.Take((int)Math.Min(limit, int.MaxValue - 1) + 1);
        }

        kvs = kvs.Where(kv =>
            (request.MinModRevision == 0 || kv.ModRevision >= request.MinModRevision)
            && (request.MaxModRevision == 0 || kv.ModRevision <= request.MaxModRevision)
            && (request.MinCreateRevision == 0 || kv.CreateRevision >= request.MinCreateRevision)
            && (request.MaxCreateRevision == 0 || kv.CreateRevision <= request.MaxCreateRevision));
        KeyValue[] sorted = Sort(request, kvs).ToArray();
        bool more = sorted.Length > limit;
        KeyValue[] cut = sorted.Take((int)Math.Min(limit, int.MaxValue)).Select(kv => !request.KeysOnly ? kv
            : request.SortTarget == SortTarget.Value ? kv with { Value = default }
            : kv with { Value = default, Lease = 0 }).ToArray();
        return new RangeResult { Revision = headerRevision, Count = all.Length, More = more, Kvs = cut };
    }

    private static IEnumerable<KeyValue> Sort(RangeRequest request, IEnumerable<KeyValue> kvs)
    {
        bool down = request.SortOrder == SortOrder.Descend;
        IOrderedEnumerable<KeyValue> ordered = request.SortTarget switch
        {
            SortTarget.Version => Order(kv => kv.Version, Comparer<long>.Default),
            SortTarget.Create => Order(kv => kv.CreateRevision, Comparer<long>.Default),
            SortTarget.Mod => Order(kv => kv.ModRevision, Comparer<long>.Default),
            SortTarget.Value => Order(kv => Text(kv.Value), StringComparer.Ordinal),
            _ => Order(kv => Text(kv.Key), StringComparer.Ordinal),
        };
        return ordered.ThenBy(kv => Text(kv.Key), StringComparer.Ordinal);

        IOrderedEnumerable<KeyValue> Order<T>(Func<KeyValue, T> by, IComparer<T> comparer) =>
            down ? kvs.OrderByDescending(by, comparer) : kvs.OrderBy(by, comparer);
    }
}
