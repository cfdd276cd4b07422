namespace Krewe.Grains.Watch;

/// <summary>How far a read of history came.</summary>
/// <param name="CompactRevision">0, or the compaction revision if the request begins below it: then nothing was read (behaviour 106).</param>
/// <param name="NextRevision">First revision that was not looked at; one above the requested end if all were.</param>
public readonly record struct HistoryPage(long CompactRevision, long NextRevision)
{
    public bool IsCompacted => CompactRevision != 0;
}
