using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <summary>Makes up the clients' operations. What clients have seen goes into the guards of their transactions.</summary>
internal sealed class OperationSource(bool isLeaseHeavy, bool isSpanningOnly)
{
    private const int MinTtlSeconds = 2;
    private const int RecentLeases = 8;

    private readonly Dictionary<string, KeyValue> _seen = [];
    private readonly List<long> _leases = [];
    private long _revision = 1;
    private long _nextLease = 1;

    /// <summary>Takes in what an operation was told.</summary>
    public void Learn(KeyspaceOperation done)
    {
        if (done.Kind == KeyspaceOperationKind.Grant && done.Outcome.Error == EtcdError.None)
        {
            _leases.Add(done.LeaseId);
        }

        if (done.Outcome.Result is not { } result)
        {
            return;
        }

        _revision = Math.Max(_revision, result.Revision);
        if (result is RangeResult range)
        {
            foreach (KeyValue kv in range.Kvs)
            {
                _seen[System.Text.Encoding.Latin1.GetString(kv.Key.Span)] = kv;
            }
        }
    }

    public KeyspaceOperation Next(SimRandom random, int client, int number)
    {
        if (isSpanningOnly)
        {
            return Write(client, number, Spanning(number));
        }

        int dice = isLeaseHeavy && random.Chance(0.7) ? random.Pick(84, 90, 90, 90, 90, 90, 90, 90, 90, 90) : random.Below(100);
        return dice switch
        {
            < 33 => Write(client, number, Put(random, number)),
            < 38 => Write(client, number, Delete(random, single: true)),
            < 42 => Write(client, number, Delete(random, single: false)),
            < 60 => Write(client, number, Txn(random, number)),
            < 82 => new KeyspaceOperation { Kind = KeyspaceOperationKind.Range, Number = number, Client = client, Request = Range(random) },
            < 88 => Lease(KeyspaceOperationKind.Grant, client, number, _nextLease++, random.Between(MinTtlSeconds, 4)),
            < 94 => Lease(KeyspaceOperationKind.KeepAlive, client, number, AnyLease(random), 0),
            < 97 => Lease(KeyspaceOperationKind.Revoke, client, number, AnyLease(random), 0),
            _ => new KeyspaceOperation
            {
                Kind = KeyspaceOperationKind.Compact,
                Number = number,
                Client = client,
                CompactRevision = random.Between((int)Math.Max(1, _revision - 8), (int)_revision + 1),
            },
        };
    }

    private static KeyspaceOperation Write(int client, int number, KvOperation request) =>
        new() { Kind = KeyspaceOperationKind.Write, Number = number, Client = client, Request = request };

    private static KeyspaceOperation Lease(KeyspaceOperationKind kind, int client, int number, long id, long ttl) =>
        new() { Kind = kind, Number = number, Client = client, LeaseId = id, TtlSeconds = ttl };

    private static byte[] Key(SimRandom random) => KeyspaceLayout.Keys[random.Below(KeyspaceLayout.Keys.Length)];

    private long AnyLease(SimRandom random) => _leases.Count == 0 ? 1 : _leases[^random.Between(1, Math.Min(RecentLeases, _leases.Count))];

    private PutRequest Put(SimRandom random, int number) => new()
    {
        Key = Key(random),
        Value = KeyspaceLayout.Bytes(random.Chance(0.1) ? $"{number}-of a length that no chunk takes" : $"{number}"),
        Lease = random.Chance(0.25) ? AnyLease(random) : 0,
        PrevKv = random.Chance(0.3),
    };

    private static DeleteRangeRequest Delete(SimRandom random, bool single) => new()
    {
        Key = Key(random),
        RangeEnd = single ? default : random.Chance(0.3) ? new byte[] { 0 } : Key(random),
        PrevKv = random.Chance(0.3),
    };

    private RangeRequest Range(SimRandom random) => new()
    {
        Key = random.Chance(0.5) ? Key(random) : [0],
        RangeEnd = random.Chance(0.6) ? new byte[] { 0 } : default,
        Limit = random.Chance(0.1) ? 2 : 0,
        Revision = random.Chance(0.15) ? random.Between((int)Math.Max(1, _revision - 6), (int)_revision + 1) : 0,
        Serializable = random.Chance(0.15),
    };

    private static TxnRequest Spanning(int number) => new()
    {
        Success =
        [
            new PutRequest { Key = KeyspaceLayout.Keys[0], Value = KeyspaceLayout.Bytes($"{number}") },
            new PutRequest { Key = KeyspaceLayout.Keys[3], Value = KeyspaceLayout.Bytes($"{number}") },
        ],
    };

    private TxnRequest Txn(SimRandom random, int number)
    {
        int operations = random.Between(1, 3);
        var written = new HashSet<byte[]>();
        List<KvOperation> success = [];
        for (int i = 0; i < operations; i++)
        {
            // A key may be put once only in a branch.
            byte[] key = Key(random);
            if (written.Add(key))
            {
                success.Add(new PutRequest { Key = key, Value = KeyspaceLayout.Bytes($"{number}.{i}"), PrevKv = random.Chance(0.2) });
            }
        }

        if (random.Chance(0.3))
        {
            success.Add(new RangeRequest { Key = new byte[] { 0 }, RangeEnd = new byte[] { 0 } });
        }

        KvOperation failure = random.Chance(0.5)
            ? new RangeRequest { Key = Key(random) }
            : new DeleteRangeRequest { Key = Key(random), RangeEnd = Key(random) };
        return new TxnRequest
        {
            Compares = [.. Enumerable.Range(0, random.Between(0, 2)).Select(_ => Guard(random))],
            Success = success,
            Failure = random.Chance(0.7) ? [failure] : [],
        };
    }

    private Compare Guard(SimRandom random)
    {
        byte[] key = Key(random);
        KeyValue seen = _seen.GetValueOrDefault(System.Text.Encoding.Latin1.GetString(key));
        return random.Below(4) switch
        {
            0 => new Compare { Key = key, Target = CompareTarget.Mod, Result = CompareResult.Equal, Number = seen.ModRevision },
            1 => new Compare { Key = key, Target = CompareTarget.Value, Result = CompareResult.Equal, Value = seen.Value },
            2 => new Compare { Key = key, Target = CompareTarget.Version, Result = CompareResult.Greater, Number = Math.Max(0, seen.Version - 1) },
            _ => new Compare { Key = key, RangeEnd = Key(random), Target = CompareTarget.Mod, Result = CompareResult.Less, Number = _revision },
        };
    }
}
