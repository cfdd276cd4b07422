namespace Krewe.Silo.Hosting;

/// <summary>Counts restarts: bounded within a window of time, with pauses that double.</summary>
internal sealed class SiloRestarts(SiloRestartOptions options, TimeProvider time)
{
    private readonly Queue<long> _recent = [];

    /// <summary>The pause before the next restart; false if there were too many.</summary>
    public bool TryNext(out TimeSpan delay)
    {
        while (_recent.TryPeek(out var first) && time.GetElapsedTime(first) > options.Window)
        {
            _recent.Dequeue();
        }

        delay = options.MinDelay;
        for (var i = 0; i < _recent.Count && delay < options.MaxDelay; i++)
        {
            delay *= 2;
        }

        delay = delay < options.MaxDelay ? delay : options.MaxDelay;
        _recent.Enqueue(time.GetTimestamp());
        return _recent.Count <= options.MaxRestarts;
    }
}
