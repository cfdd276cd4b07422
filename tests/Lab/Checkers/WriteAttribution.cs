using Krewe.Lab.Clients;
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
        foreach (var change in log.Events.Where(e => e.State is not null && IsOfClients(e.Key)))
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

    private static bool IsOfClients(string key) =>
        key != SteadyWatch.Key && !key.StartsWith(LeaseClient.Prefix, StringComparison.Ordinal);

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
        var knowledge = new Knowledge(history);
        var deletes = history.Where(o => o.Kind == OperationKind.Delete).ToLookup(o => o.Key);
        foreach (var group in log.Events.Where(e => e.State is null && IsOfClients(e.Key)).GroupBy(e => e.Key))
        {
            var known = deletes[group.Key].Where(o => o.HasWritten).ToLookup(o => o.Revision);
            foreach (var revision in deletes[group.Key].Where(o => o.HasWritten))
            {
                placed[revision] = revision.Revision;
            }

            var free = group.Where(e => !known.Contains(e.Revision)).ToList();
            CheckUnknown(group.Key, free, [.. deletes[group.Key].Where(o => !o.Acknowledged)], knowledge, violations);

            foreach (var twice in known.Where(k => k.Count() > 1))
            {
                violations.Add($"{twice.Count()} deletes of {group.Key} claim revision {twice.Key}");
            }
        }
    }

    // A delete can only be one that was asked for before anybody was told of its revision or a later one. What may have made an early
    // revision may have made a later one as well, so counting in order of revisions is enough.
    private static void CheckUnknown(
        string key, List<LogEvent> free, Operation[] ambiguous, Knowledge knowledge, List<string> violations)
    {
        for (var i = 0; i < free.Count; i++)
        {
            var revision = free[i].Revision;
            var known = knowledge.OfRevisionSince(revision);
            var possible = ambiguous.Count(o => o.InvokedAt <= known);
            if (possible < i + 1)
            {
                violations.Add($"{key} was deleted at {revision} but only {possible} deletes may have done that and the {i} before it");
            }
        }
    }
}
