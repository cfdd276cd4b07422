using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>
/// The batches of one watch stream that wait for its reader. Events are bounded in batches and bytes; whoever finds no room is remembered, and given
/// back when the reader has made some.
/// </summary>
/// <typeparam name="TWaiting">Who waits for room.</typeparam>
internal sealed class WatchBatchBuffer<TWaiting>(int maxEventBatches, long maxEventBytes)
{
    private readonly Lock _lock = new();
    private readonly AsyncSignal _readable = new();
    private readonly Queue<(WatchBatch Batch, long Bytes)> _batches = [];
    private readonly HashSet<TWaiting> _waiting = [];
    private int _eventBatches;
    private long _eventBytes;
    private long _events;
    private bool _ended;

    /// <summary>Events that wait for the reader.</summary>
    public long Events
    {
        get
        {
            lock (_lock)
            {
                return _events;
            }
        }
    }

    private bool IsFull => _eventBatches >= maxEventBatches || (_eventBytes >= maxEventBytes && _eventBatches > 0);

    /// <summary>True once there is a batch, false once there will be none. One waiter at a time.</summary>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_batches.Count != 0)
                {
                    return true;
                }

                if (_ended)
                {
                    return false;
                }
            }

            await _readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <param name="batch">The oldest batch.</param>
    /// <param name="resumed">Who waited for room, if there is some again.</param>
    public bool TryRead(out WatchBatch batch, out TWaiting[] resumed)
    {
        resumed = [];
        lock (_lock)
        {
            if (!_batches.TryDequeue(out var buffered))
            {
                batch = default;
                return false;
            }

            batch = buffered.Batch;
            if (batch.Kind == WatchBatchKind.Events)
            {
                _eventBatches--;
                _eventBytes -= buffered.Bytes;
                _events -= batch.Events.Count;
            }

            // Half empty, not at once: a watcher that resumes asks the store or a member, which should pay for more than one batch.
            if (_waiting.Count != 0 && _eventBatches <= maxEventBatches / 2 && _eventBytes <= maxEventBytes / 2)
            {
                resumed = [.. _waiting];
                _waiting.Clear();
            }
        }

        return true;
    }

    /// <summary>No more batches will come; those that wait can still be read.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _waiting.Clear();
        }

        _readable.Stop();
    }

    /// <summary>Adds events of a watch; false if there is no room, which <paramref name="waiting"/> then waits for.</summary>
    public bool TryAddEvents(TWaiting waiting, long watchId, IReadOnlyList<WatchEvent> events, long revision, long bytes)
    {
        lock (_lock)
        {
            if (IsFull)
            {
                _waiting.Add(waiting);
                return false;
            }

            _eventBatches++;
            _eventBytes += bytes;
            _events += events.Count;
            _batches.Enqueue((new WatchBatch { WatchId = watchId, Kind = WatchBatchKind.Events, Revision = revision, Events = events }, bytes));
        }

        _readable.Signal();
        return true;
    }

    /// <summary>Whether there is no room for events; <paramref name="waiting"/> then waits for some.</summary>
    public bool WaitIfFull(TWaiting waiting)
    {
        lock (_lock)
        {
            if (!IsFull)
            {
                return false;
            }

            _waiting.Add(waiting);
            return true;
        }
    }

    /// <summary>Adds an answer, unless so many wait already.</summary>
    public void AddAnswer(long watchId, WatchBatchKind kind, long revision, long compactRevision, int maxAnswers = int.MaxValue, EtcdError error = EtcdError.None)
    {
        lock (_lock)
        {
            if (_batches.Count - _eventBatches >= maxAnswers)
            {
                return;
            }

            var answer = new WatchBatch
            {
                WatchId = watchId,
                Kind = kind,
                Revision = revision,
                CompactRevision = compactRevision,
                Events = [],
                Error = error,
            };
            _batches.Enqueue((answer, 0));
        }

        _readable.Signal();
    }
}
