using Krewe.Lab.Histories;

namespace Krewe.Lab.Checkers;

/// <summary>
/// etcd's guarantees of watches (behaviours 138-141): ordered, unique, atomic per revision, reliable (nothing is missing),
/// resumable, and bookmarkable, over all streams of one watcher.
/// </summary>
internal static class WatchValidator
{
    /// <param name="reach">The watcher must have got everything up to this revision.</param>
    /// <returns>A sentence for each violation.</returns>
    public static IReadOnlyList<string> Check(RevisionLog log, WatchRecord record, long reach)
    {
        var violations = new List<string>();
        CheckOrder(record, violations);
        CheckContent(log, record, reach, violations);
        return violations;
    }

    private static void CheckOrder(WatchRecord record, List<string> violations)
    {
        // Nothing at or below this revision may come any more.
        var closed = record.StartRevision - 1;
        foreach (var batch in record.Batches)
        {
            var last = closed;
            foreach (var change in batch.Changes.Select(c => c.Change))
            {
                if (change.Revision <= closed)
                {
                    violations.Add($"not ordered, unique or atomic: {change} in stream {batch.Session} although {closed} was complete");
                }
                else if (change.Revision < last)
                {
                    violations.Add($"not ordered: {change} after {last}");
                }

                if (change.Revision > batch.HeaderRevision)
                {
                    violations.Add($"{change} in a response of revision {batch.HeaderRevision}");
                }

                last = Math.Max(last, change.Revision);
            }

            closed = Math.Max(closed, batch.Bookmark ? batch.HeaderRevision : last);
        }
    }

    private static void CheckContent(RevisionLog log, WatchRecord record, long reach, List<string> violations)
    {
        var got = record.Batches.SelectMany(b => b.Changes).ToLookup(c => (c.Change.Revision, c.Change.Key));
        var bookmarks = record.Batches.Where(b => b.Bookmark).Select(b => b.HeaderRevision);
        var complete = got.Select(c => c.Key.Revision).Concat(bookmarks).Append(reach).Max();
        var due = log.Events.Where(e => e.Revision >= record.StartRevision && e.Key.StartsWith(record.Prefix, StringComparison.Ordinal));
        foreach (var change in due.Where(e => e.Revision <= complete))
        {
            var copies = got[(change.Revision, change.Key)].ToArray();
            if (copies.Length != 1)
            {
                violations.Add(copies.Length == 0 ? $"not reliable: {change} is missing" : $"not unique: {change} came {copies.Length} times");
            }
            else if (copies[0].Change != change || copies[0].PreviousValue != log.At(change.Key, change.Revision - 1)?.Value)
            {
                violations.Add($"{copies[0]} is not {change} after {log.At(change.Key, change.Revision - 1)}");
            }
        }

        foreach (var change in got.SelectMany(c => c).Where(c => log.Find(c.Change.Key, c.Change.Revision) is null))
        {
            violations.Add($"nothing like that happened: {change}");
        }
    }
}
