using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Evaluates transactions that only read, at one revision (behaviours 67-71, 76-78, 92).</summary>
internal static class ReadTxnEvaluator
{
    public static KvOutcome Evaluate(IKeyView view, TxnRequest request, long revision, long compactRevision)
    {
        var path = new List<bool>();
        Decide(view, request, revision, path);
        int step = 0;
        EtcdError error = Check(request, path, ref step, revision, compactRevision);
        if (error != EtcdError.None)
        {
            return new KvOutcome(null, error);
        }

        step = 0;
        return new KvOutcome(Run(view, request, path, ref step, revision, revision), EtcdError.None);
    }

    // Compares of nested transactions see the state before the whole one, so all branches are chosen first (behaviour 75).
    public static void Decide(IKeyView view, TxnRequest request, long revision, List<bool> path)
    {
        bool succeeded = CompareEvaluator.All(view, request.Compares, revision);
        path.Add(succeeded);
        IReadOnlyList<KvOperation> operations = succeeded ? request.Success : request.Failure;
        for (int i = 0; i < operations.Count; i++)
        {
            if (operations[i] is TxnRequest nested)
            {
                Decide(view, nested, revision, path);
            }
        }
    }

    private static EtcdError Check(TxnRequest request, List<bool> path, ref int step, long revision, long compactRevision)
    {
        IReadOnlyList<KvOperation> operations = path[step++] ? request.Success : request.Failure;
        for (int i = 0; i < operations.Count; i++)
        {
            EtcdError error = operations[i] switch
            {
                RangeRequest range => RangeRevision.CheckInTxn(range.Revision, revision, compactRevision),
                TxnRequest nested => Check(nested, path, ref step, revision, compactRevision),
                _ => throw new InvalidOperationException("A transaction that writes was evaluated as one that reads."),
            };
            if (error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }

    private static TxnResult Run(IKeyView view, TxnRequest request, List<bool> path, ref int step, long revision, long headerRevision)
    {
        bool succeeded = path[step++];
        IReadOnlyList<KvOperation> operations = succeeded ? request.Success : request.Failure;
        var responses = new KvResult[operations.Count];
        for (int i = 0; i < responses.Length; i++)
        {
            responses[i] = operations[i] switch
            {
                RangeRequest range => RangeEvaluator.Evaluate(view, range, range.Revision > 0 ? range.Revision : revision, revision),
                TxnRequest nested => Run(view, nested, path, ref step, revision, 0),
                _ => throw new InvalidOperationException("A transaction that writes was evaluated as one that reads."),
            };
        }

        return new TxnResult { Revision = headerRevision, Succeeded = succeeded, Responses = responses };
    }
}
