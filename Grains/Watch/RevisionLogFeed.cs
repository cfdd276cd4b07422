using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Watch;

/// <summary>
/// Feeds the watch hub from the revision log of the same process. It sleeps while nobody watches, so that writes then wake no thread for it.
/// </summary>
public sealed class RevisionLogFeed : IAsyncDisposable
{
    private const int BlockRevisions = 256;
    private readonly WatchHub _hub;
    private readonly RevisionLogReader _reader;
    private readonly RevisionEvents[] _block = new RevisionEvents[BlockRevisions];
    private readonly Task _loop;

    public RevisionLogFeed(RevisionLog log, WatchHub hub)
    {
        _hub = hub;
        _reader = log.CreateReader(hub.Position + 1);
        _loop = Task.Run(RunAsync);
        hub.DemandChanged = OnDemandChanged;
    }

    public async ValueTask DisposeAsync()
    {
        _hub.DemandChanged = null;
        _reader.Dispose();
        await _loop.ConfigureAwait(false);
    }

    private void OnDemandChanged(bool hasDemand)
    {
        _reader.IsPaused = !hasDemand;
        if (hasDemand)
        {
            _reader.Wake();
        }
    }

    private async Task RunAsync()
    {
        do
        {
            Drain();
        }
        while (await _reader.WaitAsync(CancellationToken.None).ConfigureAwait(false));
    }

    private void Drain()
    {
        while (true)
        {
            if (!_reader.TryRead(_block, out int count))
            {
                // Fell out of the ring, or the state jumped: what is between is in the store.
                _hub.JumpTo(_reader.Position - 1);
            }
            else if (count == 0)
            {
                return;
            }
            else
            {
                Feed(count);
            }
        }
    }

    private void Feed(int count)
    {
        try
        {
            _hub.Publish(_block.AsSpan(0, count));
        }
        catch (Exception exception)
        {
            // The previous state of a key may have to be read from the store, which may fail. The flow goes on, and its watchers read what it could not
            // give them from the store, where that is tried again until it works.
            _hub.JumpOver(_reader.Position - 1, exception);
        }
        finally
        {
            Array.Clear(_block, 0, count);
        }
    }
}
