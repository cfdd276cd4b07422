using System.Diagnostics;

namespace Krewe.Benchmarks.Load;

/// <summary>Says which completions count: those between <see cref="Open"/> and <see cref="Close"/>. Shared by all threads.</summary>
/// <param name="total">Operations after which the window closes by itself; 0: unlimited.</param>
internal sealed class MeasuredWindow(long total) : IDisposable
{
    private readonly ManualResetEventSlim _ended = new();
    private readonly bool _isLimited = total > 0;
    private long _remaining = total;
    private volatile bool _isOpen;
    private volatile bool _isStopped;
    private long _openedAt;
    private long _closedAt;

    public bool IsOpen => _isOpen;

    /// <summary>No client starts another request.</summary>
    public bool IsStopped => _isStopped;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_openedAt, _closedAt);

    public void Open()
    {
        _openedAt = Stopwatch.GetTimestamp();
        _isOpen = true;
    }

    public void Close()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _closedAt = Stopwatch.GetTimestamp();
        }
    }

    public void Stop()
    {
        _isStopped = true;
        _ended.Set();
    }

    /// <summary>Waits for the total or for a failure, at most <paramref name="timeout"/>; true if it came to that.</summary>
    public bool WaitForEnd(TimeSpan timeout) => _ended.Wait(timeout);

    /// <summary>Whether a completion now is to be recorded.</summary>
    public bool TryCount()
    {
        if (!_isOpen)
        {
            return false;
        }

        if (!_isLimited)
        {
            return true;
        }

        var remaining = Interlocked.Decrement(ref _remaining);
        if (remaining == 0)
        {
            _ended.Set();
        }

        return remaining >= 0;
    }

    public void Dispose() => _ended.Dispose();
}
