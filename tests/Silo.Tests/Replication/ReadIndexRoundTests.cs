using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Silo.Tests.Replication;

public sealed class ReadIndexRoundTests
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _time = new();
    private readonly Lock _gate = new();
    private readonly List<ulong> _asked = [];
    private readonly ReadIndexRound _round;
    private TaskCompletionSource _askedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadIndexRoundTests() => _round = new ReadIndexRound(Ask, RequestTimeout, RetryInterval, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_read_is_asked_for_again_as_soon_as_there_is_a_leader_353()
    {
        var read = _round.WaitAsync(Stop);
        Assert.Single(_asked);
        var again = NextAsk();
        _round.LeaderKnown();

        // No time has passed.
        await again;
        Answer(_asked[1], 5);
        Assert.Equal(5UL, await read);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_got_no_answer_is_asked_for_again_after_the_interval()
    {
        var read = _round.WaitAsync(Stop);
        for (var i = 0; i < 3; i++)
        {
            var again = NextAsk();
            _time.Advance(RetryInterval);
            await again;
        }

        // Late answers count: each is of a moment after the read began.
        Answer(_asked[1], 5);
        Assert.Equal(5UL, await read);
        Assert.Equal(_asked.Count, _asked.Distinct().Count());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_round_that_cannot_be_asked_fails_and_the_next_one_is_asked()
    {
        var mayAsk = false;
        var asked = 0UL;
        var round = new ReadIndexRound(
            context =>
            {
                asked = mayAsk ? context : throw new InvalidOperationException("broken");
                return true;
            },
            RequestTimeout,
            RetryInterval,
            _time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => round.WaitAsync(Stop));
        mayAsk = true;
        while (asked == 0)
        {
            // The round before may not be put away yet; whoever shares its successor is asked for as well.
            _ = round.WaitAsync(Stop);
            await Task.Yield();
        }

        var read = round.WaitAsync(Stop);
        var first = asked;
        round.Confirm(new[] { new ReadState(first, 5) });
        while (asked == first)
        {
            await Task.Yield();
        }

        round.Confirm(new[] { new ReadState(asked, 6) });
        Assert.Equal(6UL, await read);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, EtcdError.Timeout)]
    [InlineData(1, EtcdError.LeaderChanged)]
    [InlineData(2, EtcdError.LeaderChanged)]
    public async Task A_read_that_waited_for_the_request_timeout_fails_353(int leaders, EtcdError expected)
    {
        var read = _round.WaitAsync(Stop);
        for (var i = 0; i < leaders; i++)
        {
            var again = NextAsk();
            _round.LeaderKnown();
            await again;
        }

        _time.Advance(RequestTimeout);
        Assert.Equal(expected, (await Assert.ThrowsAsync<EtcdException>(() => read)).Error);
        await PassRoundAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Reads_that_come_during_a_round_share_the_next_one()
    {
        var first = _round.WaitAsync(Stop);
        var second = _round.WaitAsync(Stop);
        var third = _round.WaitAsync(Stop);
        Assert.Single(_asked);
        var again = NextAsk();
        Answer(_asked[0], 5);
        Assert.Equal(5UL, await first);
        await again;
        Assert.False(second.IsCompleted);
        Answer(_asked[1], 6);
        Assert.Equal(6UL, await second);
        Assert.Equal(6UL, await third);
        Assert.Equal(2, _asked.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stopping_member_ends_reads()
    {
        var read = _round.WaitAsync(Stop);
        var next = _round.WaitAsync(Stop);
        _round.Close();
        Assert.Equal(EtcdError.Stopped, (await Assert.ThrowsAsync<EtcdException>(() => read)).Error);
        Assert.Equal(EtcdError.Stopped, (await Assert.ThrowsAsync<EtcdException>(() => next)).Error);
        Assert.Equal(EtcdError.Stopped, (await Assert.ThrowsAsync<EtcdException>(() => _round.WaitAsync(Stop))).Error);
    }

    /// <summary>A read after a failed one is served.</summary>
    private async Task PassRoundAsync()
    {
        var read = _round.WaitAsync(Stop);
        while (!read.IsCompleted)
        {
            ulong last;
            lock (_gate)
            {
                last = _asked[^1];
            }

            Answer(last, 9);
            await Task.Yield();
        }

        Assert.Equal(9UL, await read);
    }

    private bool Ask(ulong context)
    {
        lock (_gate)
        {
            _asked.Add(context);
            _askedAgain.TrySetResult();
        }

        return false;
    }

    private Task NextAsk()
    {
        lock (_gate)
        {
            _askedAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _askedAgain.Task;
        }
    }

    private void Answer(ulong context, ulong index) => _round.Confirm([new ReadState(context, index)]);
}
