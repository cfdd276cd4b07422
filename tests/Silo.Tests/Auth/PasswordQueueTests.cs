using Krewe.Silo.Auth;

namespace Krewe.Silo.Tests.Auth;

public sealed class PasswordQueueTests
{
    private readonly PasswordQueue _queue = new(maxWaiting: 5, maxWaitingOfUser: 3);

    [Fact]
    public void Users_take_turns_and_each_is_served_in_order()
    {
        Assert.All((string[])["a1", "a2", "a3", "b1", "c1"], name => Assert.True(_queue.TryAdd(Work(name))));
        Assert.Equal(["a1", "b1", "c1", "a2", "a3"], Drain());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void One_user_can_not_fill_the_queue_and_all_together_are_bounded()
    {
        Assert.All((string[])["a1", "a2", "a3"], name => Assert.True(_queue.TryAdd(Work(name))));
        Assert.False(_queue.TryAdd(Work("a4")));
        Assert.True(_queue.TryAdd(Work("b1")));
        Assert.True(_queue.TryAdd(Work("c1")));
        Assert.False(_queue.TryAdd(Work("d1")));
        Assert.True(_queue.TryTake(out _));
        Assert.True(_queue.TryAdd(Work("d1")));
        Assert.Equal(["b1", "c1", "a2", "d1", "a3"], Drain());
    }

    [Fact]
    public void What_is_removed_is_not_taken_and_leaves_its_room()
    {
        var works = Array.ConvertAll((string[])["a1", "a2", "b1"], Work);
        Assert.All(works, work => Assert.True(_queue.TryAdd(work)));
        Assert.True(_queue.TryRemove(works[0]));
        Assert.False(_queue.TryRemove(works[0]));
        Assert.True(_queue.TryRemove(works[2]));
        Assert.Equal(1, _queue.Count);
        Assert.Equal(["a2"], Drain());
        Assert.False(_queue.TryRemove(works[1]));
        Assert.True(_queue.TryAdd(works[2]));
        Assert.Equal(["b1"], Drain());
    }

    private static PasswordWork Work(string name) => new PasswordWork<string>(name[..1], () => name);

    private List<string> Drain()
    {
        var taken = new List<string>();
        while (_queue.TryTake(out var work))
        {
            work.Execute();
            taken.Add(((PasswordWork<string>)work).Answer.Result);
        }

        return taken;
    }
}
