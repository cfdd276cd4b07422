namespace Krewe.Silo.Streams;

/// <summary>Bounds and times of the revision streams.</summary>
public sealed class RevisionStreamOptions
{
    /// <summary>Most revisions in one call to a subscriber.</summary>
    public int MaxBatchRevisions { get; set; } = 256;

    /// <summary>Most revisions that one read of history answers to a subscriber that rewinds.</summary>
    public int HistoryRevisions { get; set; } = 256;

    /// <summary>A read of history ends with the revision that reaches this many bytes.</summary>
    public long HistoryBytes { get; set; } = 2L << 20;

    /// <summary>How often an idle stream is shown to the pulling agent, which forgets it after 30 minutes without events.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(5);
}
