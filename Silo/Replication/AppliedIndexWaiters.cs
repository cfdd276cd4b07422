namespace Krewe.Silo.Replication;

/// <summary>Who waits until an index was applied here: reads whose read index is ahead of local state.</summary>
internal sealed class AppliedIndexWaiters
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, ulong> _waiters = new();
    private ulong _applied;

    /// <summary>Highest applied index. Written by the apply thread only.</summary>
    public ulong Applied => Volatile.Read(ref _applied);

    /// <summary>Completes when <paramref name="index"/> was applied.</summary>
    public Task WaitAsync(ulong index)
    {
        if (Applied >= index)
        {
            return Task.CompletedTask;
        }

        lock (_gate)
        {
            if (_applied >= index)
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Enqueue(waiter, index);
            return waiter.Task;
        }
    }

    /// <summary>All up to <paramref name="index"/> was applied.</summary>
    public void Advance(ulong index)
    {
        lock (_gate)
        {
            Volatile.Write(ref _applied, index);
            while (_waiters.TryPeek(out var waiter, out var wanted) && wanted <= index)
            {
                _waiters.Dequeue();
                waiter.SetResult();
            }
        }
    }
}
