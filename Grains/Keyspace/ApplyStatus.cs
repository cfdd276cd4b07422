namespace Krewe.Grains.Keyspace;

/// <summary>What became of a log entry when it was applied.</summary>
public enum ApplyStatus : byte
{
    /// <summary>It took effect. Also entries without commands: the first of a term and membership changes.</summary>
    Applied = 0,

    /// <summary>Nothing changed: it was evaluated against another state than the log's.</summary>
    RefusedRevision = 1,

    /// <summary>Nothing changed: its writer no longer owned its prefix.</summary>
    RefusedOwner = 2,
}
