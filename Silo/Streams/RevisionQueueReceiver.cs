using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>
/// Tells the pulling agent that there is something to deliver; the cursors fetch it. It waits for data rather than polling, and sleeps
/// altogether while nobody subscribes, so that an unused stream costs the write path nothing.
/// </summary>
internal sealed class RevisionQueueReceiver : IQueueAdapterReceiver, IDisposable
{
    private readonly RevisionQueue _queue;
    private readonly RevisionQueueCache _cache;
    private readonly RevisionLog _log;
    private readonly RevisionLogReader _reader;
    private readonly ITimer _keepAlive;
    private bool _announced;

    public RevisionQueueReceiver(RevisionQueue queue, RevisionQueueCache cache, RevisionLog log, RevisionStreamOptions options, TimeProvider time)
    {
        _queue = queue;
        _cache = cache;
        _log = log;
        _reader = log.CreateReader(cache.NextRevision);
        _reader.IsPaused = !cache.HasDemand;
        _keepAlive = time.CreateTimer(_ => Announce(), null, options.KeepAlive, options.KeepAlive);
        cache.DemandChanged += OnDemandChanged;
    }

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    /// <summary>
    /// One container that names the first revision not told yet. The very first call answers at once, before there is any: the
    /// agent serves no subscriber of a stream that it has never seen. The agent opens a cursor at what is named, so that must still be in memory.
    /// </summary>
    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                long next = _cache.NextRevision;
                long first = _reader.Position;
                bool hasDemand = _cache.HasDemand;
                if (!Volatile.Read(ref _announced) || (hasDemand && first < next))
                {
                    Volatile.Write(ref _announced, true);
                    _reader.Position = next;
                    return [new RevisionBatchContainer(_queue.StreamId, new RevisionEvents(hasDemand ? Math.Max(first, _log.First) : next, []))];
                }

                if (!await _reader.WaitAsync(cancellationToken).ConfigureAwait(true))
                {
                    return [];
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _cache.DemandChanged -= OnDemandChanged;
        _keepAlive.Dispose();
        _reader.Dispose();
    }

    private void OnDemandChanged(bool hasDemand)
    {
        _reader.IsPaused = !hasDemand;
        if (hasDemand)
        {
            _reader.Wake();
        }
        else
        {
            // The agent forgets a stream with its last subscriber, and would not hear of the next one.
            Announce();
        }
    }

    private void Announce()
    {
        Volatile.Write(ref _announced, false);
        _reader.Wake();
    }
}
