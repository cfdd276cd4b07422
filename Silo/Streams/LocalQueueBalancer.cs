using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>Every silo serves its own queue, always; none is ever moved.</summary>
internal sealed class LocalQueueBalancer(RevisionQueue queue) : IStreamQueueBalancer
{
    public Task Initialize(IStreamQueueMapper queueMapper) => Task.CompletedTask;

    public Task Shutdown() => Task.CompletedTask;

    public IEnumerable<QueueId> GetMyQueues() => [queue.QueueId];

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) => true;

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) => true;
}
