namespace Krewe.Benchmarks.Load;

/// <summary>When each of the latest revisions was acknowledged to its writer, in Stopwatch ticks.</summary>
internal sealed class AckTimes
{
    private const int Capacity = 1 << 17;

    private readonly long[] _revisions = new long[Capacity];
    private readonly long[] _ticks = new long[Capacity];

    public void Add(long revision, long ticks)
    {
        var slot = revision & (Capacity - 1);
        _revisions[slot] = revision;
        _ticks[slot] = ticks;
    }

    /// <summary>False if the revision is not acknowledged yet, or so long ago that its time was overwritten.</summary>
    public bool TryGet(long revision, out long ticks)
    {
        var slot = revision & (Capacity - 1);
        ticks = _ticks[slot];
        return _revisions[slot] == revision;
    }
}
