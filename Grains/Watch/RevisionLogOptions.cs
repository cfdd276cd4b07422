namespace Krewe.Grains.Watch;

/// <summary>Bounds of the log of recent revisions.</summary>
public sealed record RevisionLogOptions
{
    /// <summary>Most revisions kept; a power of two.</summary>
    public int MaxRevisions { get; init; } = 65_536;

    /// <summary>Most bytes of keys and values kept. The newest revision is kept whatever its size.</summary>
    public long MaxBytes { get; init; } = 64L << 20;
}
