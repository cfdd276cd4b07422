using Krewe.Grains.Gateway;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Cluster.Tests.Gateway;

public sealed class RpcFetchTests
{
    private static readonly RpcRequest Request = new("/s/M", null, default);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly GatewayStatus _status = new();
    private readonly MemberLoss _loss = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_fetch_begins_the_RPC_and_to_dispose_it_ends_it()
    {
        var member = new FakeRpcStream(static () => Task.CompletedTask, static () => Task.FromResult(FakeRpcStream.Answer));
        await using (var fetch = Of(member))
        {
            Assert.False(fetch.HasStarted);
            Assert.Same(FakeRpcStream.Answer, await fetch.NextAsync(Stop));
            Assert.True(fetch.HasStarted);
            await fetch.NextAsync(Stop);
            Assert.Equal((1, 0), (member.Starts, member.Closes));
        }

        Assert.Equal(1, member.Closes);
        Assert.Equal(FakeRpcStream.Member.Revision, _status.Revision);
    }

    [Fact]
    public async Task What_is_not_used_is_not_closed_either()
    {
        var member = new FakeRpcStream(static () => Task.CompletedTask, static () => Task.FromResult(FakeRpcStream.Answer));
        await Of(member).DisposeAsync();
        Assert.Equal((0, 0), (member.Starts, member.Closes));
    }

    [Fact]
    public async Task A_start_that_fails_is_none_and_one_that_is_answered_stays_one()
    {
        await using var refused = Of(new(static () => Task.FromException(new EtcdException(EtcdError.NoLeader)), Never));
        await Assert.ThrowsAsync<EtcdException>(async () => await refused.NextAsync(Stop));
        Assert.False(refused.HasStarted);

        await using var begun = Of(new(static () => Task.CompletedTask, static () => Task.FromException<RpcPart>(new EtcdException(EtcdError.NoLeader))));
        await Assert.ThrowsAsync<EtcdException>(async () => await begun.NextAsync(Stop));
        Assert.True(begun.HasStarted);
    }

    [Fact]
    public async Task A_member_that_hangs_is_given_up()
    {
        await using var fetch = Of(new(static () => Task.CompletedTask, Never));
        var next = fetch.NextAsync(Stop).AsTask();
        Assert.False(next.IsCompleted);
        _time.Advance(Long);
        await Assert.ThrowsAsync<TimeoutException>(() => next);
    }

    [Fact]
    public async Task A_lost_connection_leaves_the_member_little_time_to_answer()
    {
        var answer = new TaskCompletionSource<RpcPart>();
        await using var fetch = Of(new(static () => Task.CompletedTask, () => answer.Task));
        var first = fetch.NextAsync(Stop).AsTask();
        _loss.Signal();
        answer.SetResult(FakeRpcStream.Answer);
        Assert.Same(FakeRpcStream.Answer, await first);

        answer = new TaskCompletionSource<RpcPart>();
        var second = fetch.NextAsync(Stop).AsTask();
        _loss.Signal();
        while (!second.IsCompleted)
        {
            // Fires whichever wait there is: the one for the loss, or the one behind it.
            _time.Advance(MemberCalls.LossGrace);
            await Task.WhenAny(second, Task.Delay(1, Stop));
        }

        await Assert.ThrowsAsync<TimeoutException>(() => second);
    }

    private static Task<RpcPart> Never() => new TaskCompletionSource<RpcPart>().Task;

    private RpcFetch Of(FakeRpcStream member) => new(member, Request, _status, _loss, _time);
}
