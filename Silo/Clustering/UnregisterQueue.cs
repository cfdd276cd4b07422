using Krewe.Grains.Cluster.Directory;

namespace Krewe.Silo.Clustering;

/// <summary>
/// Gathers removals while one proposal is on its way: a silo that stops unregisters every grain, and each alone would be a log entry.
/// </summary>
internal sealed class UnregisterQueue
{
    private readonly RaftProposals _proposals;
    private readonly Lock _lock = new();
    private List<ActivationAddress> _waiting = [];
    private TaskCompletionSource _done = NewCompletion();
    private bool _busy;

    public UnregisterQueue(RaftProposals proposals) => _proposals = proposals;

    /// <summary>Completes when the removal is applied; fails as the proposal does, but not while the host stops without a quorum.</summary>
    public Task AddAsync(ActivationAddress address)
    {
        lock (_lock)
        {
            _waiting.Add(address);
            Task done = _done.Task;
            if (!_busy)
            {
                _busy = true;
                _ = Task.Run(DrainAsync);
            }

            return done;
        }
    }

    private static TaskCompletionSource NewCompletion() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task DrainAsync()
    {
        while (TryTake(out List<ActivationAddress> batch, out TaskCompletionSource done))
        {
            try
            {
                foreach (ActivationAddress[] part in batch.Chunk(DirectoryCommand.MaxItems))
                {
                    await _proposals.ProposeAsync(DirectoryCommand.Unregister(part), CancellationToken.None).ConfigureAwait(false);
                }

                done.SetResult();
            }
            catch (Exception exception) when (_proposals.IsStopping && RaftProposals.IsUnavailable(exception))
            {
                // The entries go with the silo's row, when the others declare it Dead.
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    private bool TryTake(out List<ActivationAddress> batch, out TaskCompletionSource done)
    {
        lock (_lock)
        {
            batch = _waiting;
            done = _done;
            _busy = batch.Count > 0;
            _waiting = [];
            _done = _busy ? NewCompletion() : _done;
            return _busy;
        }
    }
}
