using Google.Protobuf;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Differential;

/// <summary>
/// Makes an operation from its own seed and the state it meets. Revisions are chosen relative to the state, so a script from
/// which operations are taken away (while shrinking) keeps its shape.
/// </summary>
internal static class OpGenerator
{
    private const int MaxTxnDepth = 3;

    public static DiffOp Next(int seed, DiffState state)
    {
        var random = new Random(seed);
        return random.Next(1000) switch
        {
            < 270 => new(DiffOpKind.Range, Range(random, state)),
            < 520 => new(DiffOpKind.Put, Put(random)),
            < 600 => new(DiffOpKind.Delete, Delete(random)),
            < 780 => new(DiffOpKind.Txn, Survivable(Txn(random, state, 0))),
            < 785 => new(DiffOpKind.Compact, Compact(random, state)),
            < 825 => new(DiffOpKind.LeaseGrant, new LeaseGrantRequest { ID = Alphabet.Lease(random), TTL = Ttl(random) }),
            < 850 => new(DiffOpKind.LeaseRevoke, new LeaseRevokeRequest { ID = Alphabet.Lease(random) }),
            < 870 => new(DiffOpKind.LeaseKeepAlive, new LeaseKeepAliveRequest { ID = Alphabet.Lease(random) }),
            < 900 => new(DiffOpKind.LeaseTimeToLive, new LeaseTimeToLiveRequest { ID = Alphabet.Lease(random), Keys = Coin(random) }),
            < 915 => new(DiffOpKind.LeaseLeases, new LeaseLeasesRequest()),
            < 920 => new(DiffOpKind.HashKv, new HashKVRequest { Revision = Revision(random, state) }),
            < 970 => WatchCreate(random, state),
            < 995 => new(DiffOpKind.WatchCancel, new WatchCancelRequest { WatchId = random.Next(6) }, random.Next(DiffState.Streams)),
            _ => new(DiffOpKind.Sync),
        };
    }

    private static RangeRequest Range(Random random, DiffState state)
    {
        var range = new RangeRequest { Key = Alphabet.Key(random), RangeEnd = Alphabet.End(random), Serializable = random.Next(3) == 0 };
        if (random.Next(3) == 0)
        {
            range.Revision = Revision(random, state);
        }

        if (random.Next(3) == 0)
        {
            range.Limit = random.Next(-1, 5);
        }

        if (random.Next(3) == 0)
        {
            range.SortOrder = (RangeRequest.Types.SortOrder)random.Next(3);
            range.SortTarget = (RangeRequest.Types.SortTarget)random.Next(5);
        }

        range.KeysOnly = random.Next(6) == 0;
        range.CountOnly = random.Next(8) == 0;
        if (random.Next(5) == 0)
        {
            Filter(random, state, range);
        }

        return range;
    }

    private static void Filter(Random random, DiffState state, RangeRequest range)
    {
        var bound = Math.Max(0, state.Revision - random.Next(40));
        switch (random.Next(5))
        {
            case 0: range.MinModRevision = bound; break;
            case 1: range.MaxModRevision = bound; break;
            case 2: range.MinCreateRevision = bound; break;
            case 3: range.MaxCreateRevision = bound; break;
            default: (range.MinModRevision, range.MaxCreateRevision) = (bound, state.Revision - random.Next(10)); break;
        }
    }

    private static PutRequest Put(Random random)
    {
        var put = new PutRequest { Key = Alphabet.Key(random), Value = Alphabet.Value(random), Lease = Alphabet.PutLease(random), PrevKv = Coin(random) };
        if (random.Next(10) == 0)
        {
            put.IgnoreValue = true;
            put.Value = random.Next(6) == 0 ? put.Value : ByteString.Empty;
        }

        if (random.Next(10) == 0)
        {
            put.IgnoreLease = true;
            put.Lease = random.Next(6) == 0 ? put.Lease : 0;
        }

        return put;
    }

    private static DeleteRangeRequest Delete(Random random) =>
        new() { Key = Alphabet.Key(random), RangeEnd = Alphabet.End(random), PrevKv = Coin(random) };

    private static TxnRequest Txn(Random random, DiffState state, int depth)
    {
        var txn = new TxnRequest();
        for (var i = random.Next(3); i > 0; i--)
        {
            txn.Compare.Add(Compare(random, state));
        }

        for (var i = random.Next(5); i > 0; i--)
        {
            txn.Success.Add(Op(random, state, depth));
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            txn.Failure.Add(Op(random, state, depth));
        }

        return txn;
    }

    /// <summary>
    /// etcd panics, and does so again at every restart, when an open-ended delete (which escapes the duplicate check, B87)
    /// removes the key that a later ignore_value or ignore_lease put of the same transaction relies on. So a transaction has
    /// one or the other; a case of its own shows that Krewe survives it.
    /// </summary>
    private static TxnRequest Survivable(TxnRequest txn)
    {
        if (Ops(txn).Any(o => o.RequestDeleteRange is { RangeEnd.Length: 1 } d && d.RangeEnd[0] == 0))
        {
            foreach (var op in Ops(txn).Where(o => o.RequestPut is not null))
            {
                op.RequestPut.IgnoreValue = op.RequestPut.IgnoreLease = false;
            }
        }

        return txn;
    }

    private static IEnumerable<RequestOp> Ops(TxnRequest txn) =>
        txn.Success.Concat(txn.Failure).SelectMany(o => o.RequestTxn is null ? [o] : Ops(o.RequestTxn));

    private static RequestOp Op(Random random, DiffState state, int depth) => random.Next(30) switch
    {
        < 9 => new() { RequestRange = Range(random, state) },
        < 18 => new() { RequestPut = Put(random) },
        < 23 => new() { RequestDeleteRange = Delete(random) },
        < 29 when depth < MaxTxnDepth => new() { RequestTxn = Txn(random, state, depth + 1) },
        29 when random.Next(5) == 0 => new(),
        _ => new() { RequestRange = Range(random, state) },
    };

    private static Compare Compare(Random random, DiffState state)
    {
        var compare = new Compare
        {
            Key = Alphabet.Key(random),
            RangeEnd = random.Next(3) == 0 ? Alphabet.End(random) : ByteString.Empty,
            Result = (Compare.Types.CompareResult)random.Next(4),
            Target = (Compare.Types.CompareTarget)random.Next(5),
        };
        // Mostly the member that fits the target; sometimes another one or none.
        switch (random.Next(8) == 0 ? random.Next(6) : (int)compare.Target)
        {
            case 0: compare.Version = random.Next(4); break;
            case 1: compare.CreateRevision = Near(random, state); break;
            case 2: compare.ModRevision = Near(random, state); break;
            case 3: compare.Value = Alphabet.Value(random); break;
            case 4: compare.Lease = Coin(random) ? 0 : Alphabet.Lease(random); break;
            default: break;
        }

        return compare;
    }

    private static long Near(Random random, DiffState state) => Coin(random) ? 0 : Math.Max(0, state.Revision - random.Next(30));

    private static CompactionRequest Compact(Random random, DiffState state) => new()
    {
        Revision = random.Next(6) == 0 ? Revision(random, state) : state.Revision - random.Next(60),
        Physical = Coin(random),
    };

    /// <summary>Now, the past, the compaction and what lies around it, the future, and negatives.</summary>
    private static long Revision(Random random, DiffState state) => random.Next(20) switch
    {
        < 10 => Math.Max(1, state.Revision - random.Next(20)),
        < 13 => state.Revision,
        < 15 => state.Compacted + random.Next(-1, 3),
        < 17 => 0,
        17 => state.Revision + random.Next(1, 4),
        18 => -random.Next(5),
        _ => random.NextInt64(1, state.Revision + 1),
    };

    /// <summary>Long TTLs only: an expiry in the middle of a run would be a race of two clocks.</summary>
    private static long Ttl(Random random) => random.Next(12) switch
    {
        0 => 9_000_000_000,
        1 => 9_000_000_001,
        2 => long.MaxValue,
        _ => random.Next(10_000, 20_000),
    };

    private static DiffOp WatchCreate(Random random, DiffState state)
    {
        var stream = random.Next(DiffState.Streams);
        if (state.Watchers[stream].Count >= DiffState.WatchersPerStream)
        {
            return new(DiffOpKind.WatchCancel, new WatchCancelRequest { WatchId = state.Watchers[stream].Keys.First() }, stream);
        }

        var create = new WatchCreateRequest
        {
            Key = Alphabet.Key(random),
            RangeEnd = Coin(random) ? Alphabet.End(random) : ByteString.CopyFrom(0),
            PrevKv = Coin(random),
            Fragment = Coin(random),
            ProgressNotify = Coin(random),
            WatchId = random.Next(3) == 0 ? random.Next(8) : 0,
        };
        create.StartRevision = random.Next(3) == 0 ? 0 : Revision(random, state);
        if (random.Next(4) == 0)
        {
            create.Filters.Add((WatchCreateRequest.Types.FilterType)random.Next(2));
        }

        return new(DiffOpKind.WatchCreate, create, stream);
    }

    private static bool Coin(Random random) => random.Next(2) == 0;
}
