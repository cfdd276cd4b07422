namespace Krewe.Grains.Cluster.Silos;

/// <summary>What became of a command on the silo membership table.</summary>
public enum SiloCommandResult
{
    Applied,

    /// <summary>The table was at another version.</summary>
    VersionConflict,

    /// <summary>The row exists (insert), is missing or has another etag (update), or is Dead, which is final.</summary>
    RowConflict,
}
