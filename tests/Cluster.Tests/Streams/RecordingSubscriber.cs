using Krewe.Grains.Interfaces.Watch;
using Orleans.Streams;

namespace Krewe.Cluster.Tests.Streams;

/// <summary>Collects the revisions that a stream delivers, in order.</summary>
internal sealed class RecordingSubscriber : IAsyncBatchObserver<RevisionEvents>
{
    private readonly Lock _lock = new();
    private readonly List<long> _revisions = [];
    private readonly List<Exception> _errors = [];

    public long[] Revisions
    {
        get
        {
            lock (_lock)
            {
                return [.. _revisions];
            }
        }
    }

    public Exception[] Errors
    {
        get
        {
            lock (_lock)
            {
                return [.. _errors];
            }
        }
    }

    public Task OnNextAsync(IList<SequentialItem<RevisionEvents>> items)
    {
        lock (_lock)
        {
            foreach (SequentialItem<RevisionEvents> item in items)
            {
                Assert.Equal(item.Item.Revision, item.Token.SequenceNumber);
                _revisions.Add(item.Item.Revision);
            }
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        lock (_lock)
        {
            _errors.Add(ex);
        }

        return Task.CompletedTask;
    }

    public Task UntilAsync(long revision) =>
        Fakes.Eventually.TrueAsync(() => Revisions.LastOrDefault() >= revision, $"revision {revision} is delivered");
}
