using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>Finds for each change of the log the request that made it.</summary>
internal static class WriteAttribution
{
    /// <returns>Every write that happened, also those with an ambiguous outcome, with its revision. Ambiguous deletes are not
    /// among them: they carry no mark of their own.</returns>
    public static IReadOnlyDictionary<Operation, long> Attribute(RevisionLog log, IReadOnlyList<Operation> history, List<string> violations)
    {
        var placed = new Dictionary<Operation, long>(ReferenceEqualityComparer.Instance);
        var byValue = history.Where(o => o.Value is not null).ToDictionary(o => o.Value!);
        var seen = new Dictionary<Operation, HashSet<string>>(ReferenceEqualityComparer.Instance);
        foreach (var change in log.Events.Where(e => e.State is not null))
        {
            Place(change, byValue, placed, seen, violations);
        }

        foreach (var (operation, keys) in seen.Where(s => s.Key.Keys.Count() != s.Value.Count))
        {
            violations.Add($"only {string.Join(',', keys)} of a transaction is in the log: {operation}");
        }

        PlaceDeletes(log, history, placed, violations);
        return placed;
    }

    private static void Place(
        LogEvent change,
        Dictionary<string, Operation> byValue,
        Dictionary<Operation, long> placed,
        Dictionary<Operation, HashSet<string>> seen,
        List<string> violations)
    {
        if (!byValue.TryGetValue(change.State!.Value, out var operation) || !operation.Keys.Contains(change.Key))
        {
            violations.Add($"nobody wrote {change}");
            return;
        }

        if (!placed.TryAdd(operation, change.Revision) && placed[operation] != change.Revision)
        {
            violations.Add($"written at {placed[operation]} and at {change.Revision}: {operation}");
        }

        seen.TryAdd(operation, []);
        seen[operation].Add(change.Key);
        if (operation is { Acknowledged: true, HasWritten: false })
        {
            violations.Add($"{operation} was answered as not done but is in the log at {change.Revision}");
        }
    }

    private static void PlaceDeletes(
        RevisionLog log, IReadOnlyList<Operation> history, Dictionary<Operation, long> placed, List<string> violations)
    {
        var deletes = history.Where(o => o.Kind == OperationKind.Delete).ToLookup(o => o.Key);
        foreach (var group in log.Events.Where(e => e.State is null).GroupBy(e => e.Key))
        {
            var known = deletes[group.Key].Where(o => o.HasWritten).ToLookup(o => o.Revision);
            foreach (var revision in deletes[group.Key].Where(o => o.HasWritten))
            {
                placed[revision] = revision.Revision;
            }

            var free = group.Where(e => !known.Contains(e.Revision)).ToList();
            var possible = deletes[group.Key].Count(o => !o.Acknowledged);
            if (free.Count > possible)
            {
                violations.Add($"{group.Key} was deleted at {string.Join(',', free.Select(e => e.Revision))} but only {possible} deletes may have done it");
            }

            foreach (var twice in known.Where(k => k.Count() > 1))
            {
                violations.Add($"{twice.Count()} deletes of {group.Key} claim revision {twice.Key}");
            }
        }
    }
}
