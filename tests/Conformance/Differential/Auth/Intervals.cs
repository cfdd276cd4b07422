using Google.Protobuf;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>
/// Turns intervals round whose end lies before their begin. They are empty, and whether etcd finds one covered by a user's permissions depends on the
/// shape of its interval tree: it skips subtrees that begin behind the end, though the begin may lie in them.
/// </summary>
internal static class Intervals
{
    public static IMessage InOrder(IMessage request)
    {
        switch (request)
        {
            case RangeRequest range:
                (range.Key, range.RangeEnd) = InOrder(range.Key, range.RangeEnd);
                break;
            case DeleteRangeRequest delete:
                (delete.Key, delete.RangeEnd) = InOrder(delete.Key, delete.RangeEnd);
                break;
            case TxnRequest txn:
                InOrder(txn);
                break;
            default:
                break;
        }

        return request;
    }

    private static void InOrder(TxnRequest txn)
    {
        foreach (var compare in txn.Compare)
        {
            (compare.Key, compare.RangeEnd) = InOrder(compare.Key, compare.RangeEnd);
        }

        foreach (var op in txn.Success.Concat(txn.Failure))
        {
            _ = InOrder((IMessage?)op.RequestRange ?? (IMessage?)op.RequestDeleteRange ?? (IMessage?)op.RequestTxn ?? op);
        }
    }

    private static (ByteString Key, ByteString End) InOrder(ByteString key, ByteString end) =>
        end.IsEmpty || end.Span is [0] || key.IsEmpty || key.Span.SequenceCompareTo(end.Span) <= 0 ? (key, end) : (end, key);
}
