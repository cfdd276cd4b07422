namespace Krewe.Silo.Configuration.Options;

/// <summary><c>--auto-compaction-mode</c>.</summary>
public enum CompactionMode
{
    /// <summary>Keep the history of the last <see cref="CompactionOptions.RetentionPeriod"/>.</summary>
    Periodic,

    /// <summary>Keep the last <see cref="CompactionOptions.RetentionRevisions"/> revisions.</summary>
    Revision,
}
