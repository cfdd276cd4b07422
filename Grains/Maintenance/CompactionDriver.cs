using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Compaction;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Maintenance;

/// <summary>
/// Removes compacted data in the background: a small step on the apply thread, then a pause (--compaction-batch-limit,
/// --compaction-sleep-interval), until nothing is left. A compaction that a restart interrupted goes on by itself (behaviour 104).
/// </summary>
public sealed class CompactionDriver : IDisposable
{
    /// <summary>Pause before the next attempt when the store could not take a step.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly KeyspaceState _state;
    private readonly int _batchLimitRows;
    private readonly TimeSpan _pause;
    private readonly Action _wakeApplyThread;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly List<(long Revision, TaskCompletionSource Completion)> _waiters = [];
    private bool _isStepDue;

    /// <param name="state">What to compact.</param>
    /// <param name="batchLimitRows">Rows looked at in one step.</param>
    /// <param name="pause">Pause between steps.</param>
    /// <param name="wakeApplyThread">Makes the apply thread call <see cref="Step"/> soon.</param>
    /// <param name="time">The clock.</param>
    public CompactionDriver(KeyspaceState state, int batchLimitRows, TimeSpan pause, Action wakeApplyThread, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _state = state;
        _batchLimitRows = batchLimitRows;
        _pause = pause;
        _wakeApplyThread = wakeApplyThread;
        _timer = time.CreateTimer(static driver => ((CompactionDriver)driver!).StepSoon(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private bool HasWork => _state.CompactRevision > _state.FinishedCompactRevision;

    /// <summary>Looks for work: after start, and after a compaction was applied.</summary>
    public void Wake()
    {
        if (HasWork)
        {
            StepSoon();
        }
    }

    /// <summary>Completes when the data below the revision is gone from this member (behaviour 100).</summary>
    public Task WaitFinishedAsync(long revision)
    {
        lock (_gate)
        {
            if (_state.FinishedCompactRevision >= revision)
            {
                return Task.CompletedTask;
            }

            var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((revision, completion));
            return completion.Task;
        }
    }

    /// <summary>One step if one is due. On the apply thread, between batches.</summary>
    public void Step()
    {
        if (!Interlocked.Exchange(ref _isStepDue, false) || !HasWork)
        {
            return;
        }

        var pause = _pause;
        try
        {
            if (_state.CompactStep(_batchLimitRows) == CompactionProgress.Finished)
            {
                Announce();
            }
        }
        catch (StoreFaultException)
        {
            pause = FaultPause;
        }

        if (HasWork)
        {
            _timer.Change(pause, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void StepSoon()
    {
        Volatile.Write(ref _isStepDue, true);
        _wakeApplyThread();
    }

    private void Announce()
    {
        lock (_gate)
        {
            var finished = _state.FinishedCompactRevision;
            foreach (var (revision, completion) in _waiters)
            {
                if (revision <= finished)
                {
                    completion.SetResult();
                }
            }

            _waiters.RemoveAll(w => w.Revision <= finished);
        }
    }
}
