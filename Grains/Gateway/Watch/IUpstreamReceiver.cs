using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Grains.Gateway.Watch;

/// <summary>Whom an <see cref="UpstreamSession"/> serves. Calls come one after the other.</summary>
internal interface IUpstreamReceiver
{
    /// <summary>A member has opened a stream: these watchers shall be on it.</summary>
    IReadOnlyList<WatchRequest> Connected();

    void Received(WatchBatch batch);

    /// <summary>After each fetch, whether it brought something or not; true asks the member for progress.</summary>
    bool WantsProgress();
}
