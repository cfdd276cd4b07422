using Krewe.Grains.Watch;
using Orleans.Runtime;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>This silo's one queue and its one stream.</summary>
internal sealed class RevisionQueue : IStreamQueueMapper
{
    private readonly ILocalSiloDetails _silo;

    // Late: the silo's address is final only when the silo starts.
    public RevisionQueue(ILocalSiloDetails silo) => _silo = silo;

    public StreamId StreamId => RevisionStreams.ForSilo(_silo.SiloAddress);

    public QueueId QueueId => Find(StreamId);

    public IEnumerable<QueueId> GetAllQueues() => [QueueId];

    public QueueId GetQueueForStream(StreamId streamId) => Find(streamId);

    private static QueueId Find(StreamId streamId) => QueueId.GetQueueId(RevisionStreams.ProviderName, 0, (uint)streamId.GetHashCode());
}
