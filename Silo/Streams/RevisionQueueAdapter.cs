using Krewe.Grains.Watch;
using Microsoft.Extensions.Options;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>Shows this silo's log of revisions to Orleans' persistent streams. Only apply writes to it.</summary>
internal sealed class RevisionQueueAdapter : IQueueAdapter, IQueueAdapterFactory
{
    private readonly RevisionQueue _queue;
    private readonly RevisionLog _log;
    private readonly TimeProvider _time;
    private readonly RevisionStreamOptions _options;
    private readonly RevisionQueueCache _cache;

    public RevisionQueueAdapter(RevisionQueue queue, RevisionLog log, IRevisionHistory history, TimeProvider time, IOptions<RevisionStreamOptions> options)
    {
        _queue = queue;
        _log = log;
        _time = time;
        _options = options.Value;
        _cache = new RevisionQueueCache(log, history, _options);
    }

    public string Name => RevisionStreams.ProviderName;

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException("Revision streams carry what the keyspace applies; write keys instead.");

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new RevisionQueueReceiver(_queue, _cache, _log, _options, _time);

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    public IStreamQueueMapper GetStreamQueueMapper() => _queue;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());
}
