using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Mvcc;
using static Krewe.Api.Protos.Etcd.RangeRequest.Types;

namespace Krewe.Conformance.Differential;

/// <summary>
/// The one place that takes out of answers what may legitimately differ between the reference (3.5) and Krewe (3.7.1), or
/// between two runs of any etcd:
/// <list type="bullet">
/// <item>B26: keys_only has no lease since 3.7 unless sorted by value.</item>
/// <item>B30: the order of ties is unspecified, so ties are put in key order, and a tie that a limit cuts is left out.</item>
/// <item>B276: hash_revision exists since 3.6, and the hash covers compaction timing; HashKV has its own cases. At the revision of an
/// earlier compaction etcd answers a hash that it kept from then, with the compaction before that one, even below the present
/// compaction; Krewe keeps no hashes, so it answers as B276 says.</item>
/// <item>B60, B76-B78: which of several faults a transaction is refused for. 3.5 looks at all puts before all ranges and at a put's key
/// before its lease; 3.7.1 goes by the order of the operations and looks at the lease first.</item>
/// <item>B181, B184: the seconds left of a lease, the order of its keys, and the order of leases granted in one millisecond.</item>
/// </list>
/// </summary>
internal static class KnownDifferences
{
    private static readonly string[] TxnFaults =
    [
        "etcdserver: key not found", "etcdserver: requested lease not found",
        "etcdserver: mvcc: required revision has been compacted", "etcdserver: mvcc: required revision is a future revision",
    ];

    /// <summary>Whether two refusals of a transaction that may have several faults are both for a fault of its operations.</summary>
    public static bool AreFaultsOfOneTxn(IMessage? request, string expected, string actual) =>
        request is TxnRequest txn && CanHaveTwoFaults(txn) && IsTxnFault(expected) && IsTxnFault(actual);

    public static void Normalise(IMessage? request, IMessage answer)
    {
        switch (request, answer)
        {
            case (RangeRequest range, RangeResponse response):
                NormaliseRange(range, response);
                break;
            case (TxnRequest txn, TxnResponse response):
                NormaliseTxn(txn, response);
                break;
            case (_, HashKVResponse hash):
                (hash.Hash, hash.HashRevision) = (0, 0);
                break;
            case (_, LeaseTimeToLiveResponse lease):
                lease.TTL = Math.Sign(lease.TTL);
                Reorder(lease.Keys, lease.Keys.OrderBy(k => k.ToBase64(), StringComparer.Ordinal));
                break;
            case (_, LeaseLeasesResponse leases):
                Reorder(leases.Leases, leases.Leases.OrderBy(l => l.ID));
                break;
            default:
                break;
        }
    }

    private static bool IsTxnFault(string answer) =>
        answer.StartsWith("error ", StringComparison.Ordinal) && TxnFaults.Any(fault => answer.EndsWith(fault, StringComparison.Ordinal));

    private static bool CanHaveTwoFaults(TxnRequest txn) => Math.Max(Faults(txn.Success), Faults(txn.Failure)) > 1;

    /// <summary>The most faults that the operations of a branch can have.</summary>
    private static int Faults(IEnumerable<RequestOp> ops) => ops.Sum(op => op switch
    {
        { RequestPut: { } put } => (put.Lease != 0 ? 1 : 0) + (put.IgnoreValue || put.IgnoreLease ? 1 : 0),
        { RequestRange.Revision: not 0 } => 1,
        { RequestTxn: { } nested } => Math.Max(Faults(nested.Success), Faults(nested.Failure)),
        _ => 0,
    });

    private static void NormaliseTxn(TxnRequest txn, TxnResponse response)
    {
        var branch = response.Succeeded ? txn.Success : txn.Failure;
        foreach (var (op, answer) in branch.Zip(response.Responses))
        {
            if (op.RequestRange is not null && answer.ResponseRange is not null)
            {
                NormaliseRange(op.RequestRange, answer.ResponseRange);
            }
            else if (op.RequestTxn is not null && answer.ResponseTxn is not null)
            {
                NormaliseTxn(op.RequestTxn, answer.ResponseTxn);
            }
        }
    }

    private static void NormaliseRange(RangeRequest range, RangeResponse response)
    {
        if (range.SortTarget != SortTarget.Key)
        {
            NormaliseTies(range, response);
        }

        if (range.KeysOnly && range.SortTarget != SortTarget.Value)
        {
            foreach (var kv in response.Kvs)
            {
                kv.Lease = 0;
            }
        }
    }

    private static void NormaliseTies(RangeRequest range, RangeResponse response)
    {
        // With keys_only the values that were sorted by are gone, so all are one tie.
        var hidden = range.KeysOnly && range.SortTarget == SortTarget.Value;
        string Tie(KeyValue kv) => hidden ? "" : range.SortTarget switch
        {
            SortTarget.Version => $"{kv.Version}",
            SortTarget.Create => $"{kv.CreateRevision}",
            SortTarget.Mod => $"{kv.ModRevision}",
            _ => kv.Value.ToBase64(),
        };

        // Without an order the limit was applied in key order before sorting (B28), so no tie is cut.
        var cut = response.More && range.SortOrder != SortOrder.None;
        var last = cut && response.Kvs.Count > 0 ? Tie(response.Kvs[^1]) : null;
        var groups = new List<List<KeyValue>>();
        foreach (var kv in response.Kvs)
        {
            if (groups.Count == 0 || Tie(groups[^1][0]) != Tie(kv))
            {
                groups.Add([]);
            }

            groups[^1].Add(kv);
        }

        Reorder(response.Kvs, groups.Where(g => Tie(g[0]) != last).SelectMany(g => g.OrderBy(k => Convert.ToHexString(k.Key.Span), StringComparer.Ordinal)));
    }

    private static void Reorder<T>(Google.Protobuf.Collections.RepeatedField<T> field, IEnumerable<T> ordered)
    {
        var items = ordered.ToList();
        field.Clear();
        field.AddRange(items);
    }
}
