namespace Krewe.Silo.Peers;

/// <summary>The frames that wait in one lane, bounded by number and bytes. A full queue drops the new ones.</summary>
internal sealed class PeerQueue(PeerLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<OutgoingFrame> _frames = new();
    private TaskCompletionSource _filled = new();
    private long _bytes;

    /// <summary>Frames that were dropped because the queue was full or the peer not there.</summary>
    public long Dropped { get; private set; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count;
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public bool TryAdd(in OutgoingFrame frame)
    {
        lock (_gate)
        {
            // One frame always fits, however large it is.
            if (_frames.Count >= limits.MaxQueuedMessages || (_frames.Count > 0 && _bytes + frame.Bytes > limits.MaxQueuedBytes))
            {
                Dropped++;
                return false;
            }

            _frames.Enqueue(frame);
            _bytes += frame.Bytes;
            return true;
        }
    }

    /// <summary>
    /// Has whoever waits go on, on this thread: waking another one for each message costs more than sending it. Must be called after frames
    /// were added, without a lock.
    /// </summary>
    public void Signal()
    {
        TaskCompletionSource filled;
        lock (_gate)
        {
            if (_frames.Count == 0)
            {
                return;
            }

            filled = _filled;
        }

        filled.TrySetResult();
    }

    public bool TryTake(out OutgoingFrame frame)
    {
        lock (_gate)
        {
            if (!_frames.TryDequeue(out frame))
            {
                return false;
            }

            _bytes -= frame.Bytes;
            return true;
        }
    }

    /// <summary>Completes when there may be something to take, on the thread that calls <see cref="Signal"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_frames.Count > 0)
            {
                return Task.CompletedTask;
            }

            if (_filled.Task.IsCompleted)
            {
                _filled = new TaskCompletionSource();
            }

            return _filled.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets all: by the time the peer is back these are stale.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            Dropped += _frames.Count;
            _frames.Clear();
            _bytes = 0;
        }
    }
}
