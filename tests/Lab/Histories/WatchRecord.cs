namespace Krewe.Lab.Histories;

/// <summary>All that one watcher got, over all streams that it resumed.</summary>
/// <param name="Prefix">What it watches.</param>
/// <param name="StartRevision">First revision it asked for.</param>
internal sealed record WatchRecord(string Prefix, long StartRevision, IReadOnlyList<WatchBatch> Batches);
