namespace Krewe.Silo.Snapshots;

/// <summary>Spreads bytes over time. Any thread.</summary>
internal sealed class RatePacer(long bytesPerSecond, TimeProvider time)
{
    /// <summary>What may be sent at once after a pause.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _free;

    /// <summary>Takes room for so many bytes; answers how long to wait before they are sent.</summary>
    public TimeSpan Take(long bytes)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_started);
            var from = _free < now - Burst ? now - Burst : _free;
            _free = from + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            return from > now ? from - now : TimeSpan.Zero;
        }
    }
}
