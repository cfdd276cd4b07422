namespace Krewe.Grains.Keyspace.Compaction;

/// <summary>How far the removal of compacted data is.</summary>
public enum CompactionProgress
{
    /// <summary>Nothing is left to remove.</summary>
    Finished = 0,

    /// <summary>Call again.</summary>
    More = 1,

    /// <summary>A running read needs an older revision: call again in a moment.</summary>
    Waiting = 2,
}
