using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>What was answered before something was asked for must come before it in the order of revisions.</summary>
internal static class RealTimeOrder
{
    /// <param name="placed">Writes that happened, with their revisions.</param>
    public static void Check(IReadOnlyList<Operation> history, IReadOnlyDictionary<Operation, long> placed, List<string> violations)
    {
        var returns = history.Where(o => o.Acknowledged).OrderBy(o => o.ReturnedAt).ToArray();
        var next = 0;
        long newest = 0;
        Operation? holder = null;
        // Serializable reads may be stale, but what they saw must have been asked for: they count for later writes only.
        long newestOfAll = 0;
        Operation? holderOfAll = null;
        foreach (var operation in history.OrderBy(o => o.InvokedAt))
        {
            for (; next < returns.Length && returns[next].ReturnedAt < operation.InvokedAt; next++)
            {
                var earlier = returns[next];
                Raise(earlier, ref newestOfAll, ref holderOfAll);
                if (earlier.Kind != OperationKind.SerializableRead)
                {
                    Raise(earlier, ref newest, ref holder);
                }
            }

            if (placed.TryGetValue(operation, out var revision))
            {
                if (revision <= newestOfAll)
                {
                    violations.Add($"{operation} is at {revision}, not after {holderOfAll}, which ended before it began");
                }
            }
            else if (operation is { Acknowledged: true, Kind: not OperationKind.SerializableRead } && operation.Revision < newest)
            {
                violations.Add($"stale: {operation}, although {holder} ended before it began");
            }
        }
    }

    private static void Raise(Operation operation, ref long newest, ref Operation? holder)
    {
        if (operation.Revision > newest)
        {
            newest = operation.Revision;
            holder = operation;
        }
    }
}
