using Krewe.Grains.Interfaces.Watch;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Streams;

/// <summary>Takes revisions one by one: Orleans offers filters to such subscribers only.</summary>
internal sealed class SingleSubscriber(RecordingSubscriber recording) : IAsyncObserver<RevisionEvents>
{
    public Task OnNextAsync(RevisionEvents item, StreamSequenceToken? token = null) =>
        recording.OnNextAsync([new SequentialItem<RevisionEvents>(item, token!)]);

    public Task OnErrorAsync(Exception ex) => recording.OnErrorAsync(ex);
}
