namespace Krewe.Silo.Hosting;

/// <summary>Counts restarts: bounded within a window of time, the first at once, the others after pauses that double.</summary>
internal sealed class SiloRestarts(SiloRestartOptions options, TimeProvider time)
{
    private readonly Queue<long> _recent = [];

    /// <summary>The pause before the next restart; false if there were too many.</summary>
    /// <param name="startedAt">When the silo that ended was started.</param>
    /// <param name="delay">The pause.</param>
    public bool TryNext(long startedAt, out TimeSpan delay)
    {
        while (_recent.TryPeek(out var first) && time.GetElapsedTime(first) > options.Window)
        {
            _recent.Dequeue();
        }

        delay = Longer(BackOff(_recent.Count), options.MinInterval - time.GetElapsedTime(startedAt));
        _recent.Enqueue(time.GetTimestamp());
        return _recent.Count <= options.MaxRestarts;
    }

    private TimeSpan BackOff(int restarts)
    {
        var delay = restarts == 0 ? TimeSpan.Zero : options.MinDelay;
        for (var i = 1; i < restarts && delay < options.MaxDelay; i++)
        {
            delay *= 2;
        }

        return delay < options.MaxDelay ? delay : options.MaxDelay;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
