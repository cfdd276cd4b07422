namespace Krewe.Silo.Replication;

/// <summary>What this member knows of leadership, readable without a lock, with a signal on every change.</summary>
internal sealed class LeadershipMonitor
{
    private readonly Lock _gate = new();
    private LeadershipState _state = new(0, 0, false, false);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LeadershipState State => Volatile.Read(ref _state);

    /// <summary>Number of times that a leader was seen to replace another one or none.</summary>
    public long LeaderChangesSeen { get; private set; }

    /// <summary>Completes at the next change after the call.</summary>
    public Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _changed.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Publishes a state; does nothing if it equals the present one.</summary>
    public void Set(LeadershipState state)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (state == _state)
            {
                return;
            }

            if (state.LeaderId != 0 && state.LeaderId != _state.LeaderId)
            {
                LeaderChangesSeen++;
            }

            Volatile.Write(ref _state, state);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
