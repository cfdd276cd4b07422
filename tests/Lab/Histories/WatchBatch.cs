namespace Krewe.Lab.Histories;

/// <summary>One response of a watch.</summary>
/// <param name="Session">Counts the streams that a watcher has resumed over.</param>
/// <param name="Bookmark">A progress notification: nothing up to the header's revision is missing.</param>
internal sealed record WatchBatch(int Session, long HeaderRevision, bool Bookmark, IReadOnlyList<WatchedChange> Changes);
