using System.Diagnostics;

namespace Krewe.Benchmarks.Failover;

/// <summary>
/// Decides from the times of puts and events how long an outage was. What was sent before the fault was complete does not end it: the old
/// leader may still have committed it. Times are Stopwatch timestamps.
/// </summary>
internal sealed class OutageTimes
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _startedAt = long.MaxValue;
    private long _completeAt = long.MaxValue;
    private long _lastEventAt;
    private long _longestSilence;
    private long? _put;
    private bool _seen;

    /// <summary>Completes when puts and events have both come through again.</summary>
    public Task Over => _over.Task;

    /// <summary>Null while it lasts.</summary>
    public Outage? Outage
    {
        get
        {
            lock (_gate)
            {
                return _put is { } put && _seen ? new Outage(Milliseconds(put), Milliseconds(_longestSilence)) : null;
            }
        }
    }

    /// <summary>The fault is about to be injected.</summary>
    public void FaultStarts(long now)
    {
        lock (_gate)
        {
            _startedAt = now;
        }
    }

    /// <summary>The leader is gone or stands still.</summary>
    public void FaultComplete(long now)
    {
        lock (_gate)
        {
            _completeAt = now;
        }
    }

    public void Acknowledged(long sentAt, long now)
    {
        lock (_gate)
        {
            if (sentAt > _completeAt)
            {
                _put ??= now - _startedAt;
            }

            EndIfOver();
        }
    }

    public void Event(long sentAt, long now)
    {
        lock (_gate)
        {
            if (_seen)
            {
                return;
            }

            if (now > _startedAt)
            {
                _longestSilence = Math.Max(_longestSilence, now - _lastEventAt);
            }

            _lastEventAt = now;
            _seen = sentAt > _completeAt;
            EndIfOver();
        }
    }

    private static double Milliseconds(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds;

    private void EndIfOver()
    {
        if (_put is not null && _seen)
        {
            _over.TrySetResult();
        }
    }
}
