using System.Runtime.CompilerServices;
using System.Text;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Tests.Fakes;

/// <summary>A keyspace in memory: enough of etcd's semantics to see Api's own work, and hooks to fail or hold requests.</summary>
internal sealed class FakeKeyspace(FakeStatus status) : IKeyspaceClient
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, KeyValue> _keys = new(StringComparer.Ordinal);

    /// <summary>What every request throws, if set.</summary>
    public EtcdError Failure { get; set; }

    /// <summary>Happens while a request is served.</summary>
    public Action? BeforeRead { get; set; }

    /// <summary>While set, requests wait for it or for their cancellation.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>The latest request as Api handed it on.</summary>
    public KvOperation? Last { get; private set; }

    public bool LastWasSerializableRead { get; private set; }

    public long Compacted { get; private set; } = -1;

    /// <summary>Chunk length of range streams.</summary>
    public int ChunkKeys { get; set; } = 2;

    public Action<RevisionEvents>? Published { get; set; }

    private (EtcdError Error, Action Before)? _next;

    /// <summary>The next request fails, after something has happened.</summary>
    public void FailNext(EtcdError error, Action before) => _next = (error, before);

    public async ValueTask<RangeResult> RangeAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        await EnterAsync(request, cancellationToken);
        lock (_lock)
        {
            return Range(request);
        }
    }

    public async IAsyncEnumerable<RangeResult> RangeStreamAsync(
        RangeRequest request, int targetChunkBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync(request, cancellationToken);
        RangeResult all;
        lock (_lock)
        {
            all = Range(request);
        }

        foreach (var chunk in all.Kvs.Chunk(ChunkKeys).SkipLast(1))
        {
            yield return new RangeResult { Kvs = chunk };
        }

        var last = all.Kvs.Chunk(ChunkKeys).LastOrDefault() ?? [];
        yield return new RangeResult { Kvs = last, Count = all.Count, More = all.More, Revision = all.Revision };
    }

    public async ValueTask<KvResult> WriteAsync(KvOperation operation, CancellationToken cancellationToken)
    {
        await EnterAsync(operation, cancellationToken);
        lock (_lock)
        {
            var events = new List<WatchEvent>();
            var next = status.Revision + 1;
            var result = Apply(operation, next, events);
            if (events.Count > 0)
            {
                status.Revision = next;
                Published?.Invoke(new RevisionEvents(next, events));
            }

            return result;
        }
    }

    public async ValueTask<TxnResult> ReadTxnAsync(TxnRequest request, bool serializable, CancellationToken cancellationToken)
    {
        await EnterAsync(request, cancellationToken);
        LastWasSerializableRead = serializable;
        lock (_lock)
        {
            return (TxnResult)Apply(request, status.Revision, []);
        }
    }

    public async ValueTask<CompactResult> CompactAsync(long revision, bool physical, CancellationToken cancellationToken)
    {
        await EnterAsync(new RangeRequest(), cancellationToken);
        Compacted = revision;
        return new CompactResult { Revision = status.Revision };
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    private async Task EnterAsync(KvOperation operation, CancellationToken cancellationToken)
    {
        Last = operation;
        if (Hold is { } hold)
        {
            await hold.Task.WaitAsync(cancellationToken);
        }

        BeforeRead?.Invoke();
        if (_next is { } next)
        {
            _next = null;
            next.Before();
            throw new EtcdException(next.Error);
        }

        if (Failure != EtcdError.None)
        {
            throw new EtcdException(Failure);
        }
    }

    private IEnumerable<string> Select(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> end)
    {
        var (from, to) = (Text(key), Text(end));
        return [.. _keys.Keys.Where(k => to.Length == 0
            ? k == from
            : string.CompareOrdinal(k, from) >= 0 && (to == "\0" || string.CompareOrdinal(k, to) < 0))];
    }

    private RangeResult Range(RangeRequest request)
    {
        var matching = Select(request.Key, request.RangeEnd).Select(k => _keys[k])
            .Where(kv => request.MaxCreateRevision == 0 || kv.CreateRevision <= request.MaxCreateRevision);
        KeyValue[] all = [.. Sort(matching, request)];
        var limit = request.Limit > 0 ? (int)Math.Min(request.Limit, all.Length) : all.Length;
        return new RangeResult
        {
            Kvs = request.CountOnly ? [] : all[..limit],
            Count = all.Length,
            More = limit < all.Length,
            Revision = status.Revision,
        };
    }

    private static IEnumerable<KeyValue> Sort(IEnumerable<KeyValue> kvs, RangeRequest request) => (request.SortTarget, request.SortOrder) switch
    {
        (SortTarget.Create, SortOrder.Ascend) => kvs.OrderBy(kv => kv.CreateRevision),
        (SortTarget.Create, SortOrder.Descend) => kvs.OrderByDescending(kv => kv.CreateRevision),
        _ => kvs,
    };

    private KvResult Apply(KvOperation operation, long revision, List<WatchEvent> events)
    {
        switch (operation)
        {
            case PutRequest put:
                return Put(put, revision, events);
            case DeleteRangeRequest delete:
                return Delete(delete, revision, events);
            case RangeRequest range:
                return Range(range);
            case TxnRequest txn:
                var holds = txn.Compares.All(Holds);
                var branch = holds ? txn.Success : txn.Failure;
                KvResult[] results = [.. branch.Select(op => Apply(op, revision, events))];
                return new TxnResult
                {
                    Succeeded = holds,
                    Responses = results,
                    Revision = events.Count > 0 ? revision : status.Revision,
                };
            default:
                throw new InvalidOperationException(operation.GetType().Name);
        }
    }

    private bool Holds(Compare compare)
    {
        var kv = _keys.GetValueOrDefault(Text(compare.Key));
        return compare.Number == (compare.Target == CompareTarget.Create ? kv.CreateRevision : kv.Version);
    }

    private PutResult Put(PutRequest put, long revision, List<WatchEvent> events)
    {
        var had = _keys.TryGetValue(Text(put.Key), out var old);
        var kv = new KeyValue(put.Key, had ? old.CreateRevision : revision, revision, had ? old.Version + 1 : 1, put.Value, put.Lease);
        _keys[Text(put.Key)] = kv;
        events.Add(new WatchEvent(false, kv, had ? old : null));
        return new PutResult { Revision = revision, PrevKv = had && put.PrevKv ? old : null };
    }

    private DeleteRangeResult Delete(DeleteRangeRequest delete, long revision, List<WatchEvent> events)
    {
        KeyValue[] gone = [.. Select(delete.Key, delete.RangeEnd).Select(k => _keys[k])];
        foreach (var kv in gone)
        {
            _keys.Remove(Text(kv.Key));
            events.Add(new WatchEvent(true, new KeyValue(kv.Key, 0, revision, 0, default, 0), kv));
        }

        return new DeleteRangeResult
        {
            Revision = gone.Length > 0 ? revision : status.Revision,
            Deleted = gone.Length,
            PrevKvs = delete.PrevKv ? gone : [],
        };
    }
}
