namespace Krewe.Lab.Histories;

/// <summary>
/// Everything that happened, in the order of revisions: the events of a watch from the first revision, read when all faults are healed.
/// It is the order that the histories are checked against.
/// </summary>
internal sealed class RevisionLog
{
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

    public IReadOnlyList<LogEvent> Events { get; }

    public long LastRevision => Events.Count == 0 ? 1 : Events[^1].Revision;

    /// <summary>The key as of a revision; null if absent.</summary>
    public KeyState? At(string key, long revision) =>
        _byKey.TryGetValue(key, out var list) ? list.LastOrDefault(change => change.Revision <= revision)?.State : null;

    /// <summary>The change of a key at exactly this revision.</summary>
    public LogEvent? Find(string key, long revision) =>
        _byKey.TryGetValue(key, out var list) ? list.Find(change => change.Revision == revision) : null;
}
