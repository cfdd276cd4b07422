using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Gateway.Watch;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>Has one watcher that starts now, and always asks how far it is.</summary>
internal sealed class EagerReceiver : IUpstreamReceiver
{
    private readonly TaskCompletionSource<Action> _onProgress = new();
    private int _progressed;

    /// <summary>Called at each answer; the first waits until it is set.</summary>
    public Action OnProgress
    {
        set => _onProgress.SetResult(value);
    }

    /// <summary>Answers so far.</summary>
    public int Progressed => Volatile.Read(ref _progressed);

    public IReadOnlyList<WatchRequest> Connected() => [WatchRig.Watch(0, "a")];

    public void Received(WatchBatch batch)
    {
        if (batch.Kind == WatchBatchKind.Progress)
        {
            _onProgress.Task.GetAwaiter().GetResult()();
            Interlocked.Increment(ref _progressed);
        }
    }

    public bool WantsProgress() => true;
}
