using System.Threading.Tasks.Sources;

namespace Krewe.Grains.Watch;

/// <summary>
/// Wakes one waiter; a signal without a waiter is remembered, once. Waiting allocates nothing, and continuations run on the thread
/// pool, so signalling is cheap for the apply thread.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource<bool>
{
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private bool _signaled;
    private bool _waiting;
    private bool _stopped;

    /// <summary>True once signalled, false once stopped. One waiter at a time.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_signaled)
            {
                _signaled = false;
                return ValueTask.FromResult(true);
            }

            if (_stopped)
            {
                return ValueTask.FromResult(false);
            }

            if (_waiting)
            {
                throw new InvalidOperationException("Only one waiter at a time.");
            }

            _core.Reset();
            _waiting = true;
        }

        // Outside the lock: a token cancelled meanwhile calls back at once.
        CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static (state, token) => ((AsyncSignal)state!).Cancel(token), this);
        _registration = registration;
        return new ValueTask<bool>(this, _core.Version);
    }

    public void Signal()
    {
        lock (_lock)
        {
            if (!_waiting)
            {
                _signaled = true;
                return;
            }

            _waiting = false;
        }

        _core.SetResult(true);
    }

    /// <summary>Ends this and all later waits with false, after a signal that is still there.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _core.SetResult(false);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        // Waits for a callback that is running, so that it cannot hit the next wait.
        _registration.Dispose();
        _registration = default;
        return _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (_lock)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _core.SetException(new OperationCanceledException(token));
    }
}
