using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>
/// Checks a history against the order of revisions. Revisions are a total order of all writes that the server itself claims, so no
/// search is needed: a history is linearizable in that order if every answer equals the model at its revision, and
/// the order of revisions contradicts no real-time order. An ambiguous write may be in the log once or not at all.
/// </summary>
internal static class LinearizabilityChecker
{
    /// <returns>A sentence for each violation.</returns>
    public static IReadOnlyList<string> Check(RevisionLog log, IReadOnlyList<Operation> history)
    {
        var violations = new List<string>();
        CheckLog(log, violations);
        foreach (var operation in history.Where(o => o.Acknowledged))
        {
            CheckAnswer(log, operation, violations);
        }

        var placed = WriteAttribution.Attribute(log, history, violations);
        RealTimeOrder.Check(history, placed, violations);
        return violations;
    }

    private static void CheckLog(RevisionLog log, List<string> violations)
    {
        var expected = log.First;
        var states = new Dictionary<string, KeyState?>();
        foreach (var change in log.Events)
        {
            if (change.Revision > expected || change.Revision < expected - 1)
            {
                violations.Add($"the log has revision {change.Revision} where {expected} is due");
            }

            expected = change.Revision + 1;
            var before = states.GetValueOrDefault(change.Key);
            CheckMetadata(log, before, change, violations);
            states[change.Key] = change.State;
        }
    }

    private static void CheckMetadata(RevisionLog log, KeyState? before, LogEvent change, List<string> violations)
    {
        if (change.State is null)
        {
            if (before is null && log.IsWhole)
            {
                violations.Add($"{change.Key} is deleted at {change.Revision} but did not exist");
            }

            return;
        }

        // A late write of an earlier window, to a key that is older than this log.
        if (before is null && change.State.CreateRevision < log.First)
        {
            return;
        }

        var due = new KeyState(change.State.Value, before?.CreateRevision ?? change.Revision, change.Revision, (before?.Version ?? 0) + 1);
        if (change.State != due)
        {
            violations.Add($"{change.Key} at {change.Revision} is {change.State}, due is {due}");
        }
    }

    private static void CheckAnswer(RevisionLog log, Operation operation, List<string> violations)
    {
        if (operation.HasWritten)
        {
            CheckWrite(log, operation, violations);
            return;
        }

        var due = log.At(operation.Key, operation.Revision);
        var seen = operation.Kind == OperationKind.Delete ? null : operation.Observed;
        if (due != seen)
        {
            violations.Add($"{operation} saw {seen} but {due} is what revision {operation.Revision} has");
        }

        if (operation.Kind == OperationKind.CompareAndSwap && (seen?.ModRevision ?? 0) == operation.ExpectedModRevision)
        {
            violations.Add($"{operation} did not swap although it found the expected revision");
        }

        if (operation.Revision > log.LastRevision)
        {
            violations.Add($"{operation} has revision {operation.Revision} but the log ends at {log.LastRevision}");
        }
    }

    private static void CheckWrite(RevisionLog log, Operation operation, List<string> violations)
    {
        foreach (var key in operation.Keys)
        {
            var change = log.Find(key, operation.Revision);
            var due = operation.Kind == OperationKind.Delete ? null : operation.Value;
            if (change is null || change.State?.Value != due)
            {
                violations.Add($"acknowledged write is lost: {operation}; the log has {change} at {operation.Revision}");
            }
        }

        if (operation.Kind == OperationKind.CompareAndSwap
            && (log.At(operation.Key, operation.Revision - 1)?.ModRevision ?? 0) != operation.ExpectedModRevision)
        {
            violations.Add($"{operation} swapped although another revision was current");
        }
    }
}
