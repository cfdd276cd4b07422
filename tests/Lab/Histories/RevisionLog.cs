namespace Krewe.Lab.Histories;

/// <summary>
/// Everything that happened, in the order of revisions: the events of a watch from the first revision, read when all faults are healed.
/// It is the order that the histories are checked against.
/// </summary>
internal sealed class RevisionLog
{
    private const long FirstWritten = 2;

    private readonly Dictionary<string, List<LogEvent>> _byKey = [];

    public RevisionLog(IEnumerable<LogEvent> events)
    {
        Events = [.. events];
        foreach (var change in Events)
        {
            if (!_byKey.TryGetValue(change.Key, out var list))
            {
                _byKey[change.Key] = list = [];
            }

            list.Add(change);
        }
    }

    /// <summary>Revision that the log begins with. Of keys that are older nothing is known.</summary>
    public long First { get; init; } = FirstWritten;

    public bool IsWhole => First == FirstWritten;

    public IReadOnlyList<LogEvent> Events { get; }

    public long LastRevision => Events.Count == 0 ? 1 : Events[^1].Revision;

    /// <summary>The key as of a revision; null if absent.</summary>
    public KeyState? At(string key, long revision) => LatestUpTo(key, revision)?.State;

    /// <summary>The change of a key at exactly this revision.</summary>
    public LogEvent? Find(string key, long revision) => LatestUpTo(key, revision) is { } change && change.Revision == revision ? change : null;

    private LogEvent? LatestUpTo(string key, long revision)
    {
        if (!_byKey.TryGetValue(key, out var list))
        {
            return null;
        }

        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list[middle].Revision <= revision ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : list[low - 1];
    }
}
