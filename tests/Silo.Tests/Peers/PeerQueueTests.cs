using Krewe.Silo.Peers;

namespace Krewe.Silo.Tests.Peers;

public sealed class PeerQueueTests
{
    [Fact]
    public void A_full_queue_drops_what_is_new_by_number()
    {
        var queue = new PeerQueue(new PeerLimits { MaxQueuedMessages = 2 });
        Assert.True(queue.TryAdd(Frame(1)));
        Assert.True(queue.TryAdd(Frame(1)));
        Assert.False(queue.TryAdd(Frame(1)));
        Assert.Equal((2, 1L), (queue.Count, queue.Dropped));
    }

    [Fact]
    public void A_full_queue_drops_what_is_new_by_bytes_but_takes_one_of_any_size()
    {
        var queue = new PeerQueue(new PeerLimits { MaxQueuedBytes = 10 });
        Assert.True(queue.TryAdd(Frame(100)));
        Assert.False(queue.TryAdd(Frame(1)));
        Assert.True(queue.TryTake(out _));
        Assert.Equal(0, queue.Bytes);
        Assert.True(queue.TryAdd(Frame(1)));
    }

    [Fact]
    public async Task Waiting_ends_with_the_first_frame()
    {
        var queue = new PeerQueue(new PeerLimits());
        var waiting = queue.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        queue.Signal();
        Assert.False(waiting.IsCompleted);
        queue.TryAdd(Frame(1));
        Assert.False(waiting.IsCompleted);
        queue.Signal();
        await waiting;
        queue.Drop();
        Assert.Equal((0, 0L, 1L), (queue.Count, queue.Bytes, queue.Dropped));
    }

    private static OutgoingFrame Frame(long bytes) => new(PeerFrameKind.ForwardRequest, default, new byte[1], bytes);
}
