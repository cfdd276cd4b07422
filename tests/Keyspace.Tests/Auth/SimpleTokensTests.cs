using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Keyspace.Tests.Auth;

public sealed class SimpleTokensTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_token_dies_unused_and_each_use_renews_it_behaviour_202()
    {
        var tokens = new SimpleTokens(TimeSpan.FromSeconds(300), _time);
        tokens.Add("abc.1", "u");
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(299));
            Assert.True(await IsValidAsync(tokens, "abc.1"));
        }

        _time.Advance(TimeSpan.FromSeconds(300));
        Assert.False(await IsValidAsync(tokens, "abc.1"));
        Assert.False(await IsValidAsync(tokens, "abc.1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("abc.")]
    [InlineData(".")]
    [InlineData("abc.x")]
    [InlineData("abc.-1")]
    [InlineData("abc.1.2")]
    [InlineData("abc.99999999999999999999999999")]
    [InlineData("abc. 1")]
    public async Task What_can_not_be_a_token_is_refused_at_once_behaviour_203(string token)
    {
        var tokens = new SimpleTokens(TimeSpan.FromSeconds(300), _time);
        tokens.WaitWith(new Applied());

        Assert.False(await IsValidAsync(tokens, token));
    }

    [Fact]
    public async Task A_token_of_an_entry_that_is_not_applied_yet_is_waited_for_behaviour_201()
    {
        var applied = new Applied();
        var tokens = new SimpleTokens(TimeSpan.FromSeconds(300), _time);
        tokens.WaitWith(applied);
        var judging = IsValidAsync(tokens, "abc.7");
        Assert.False(judging.IsCompleted);
        Assert.Equal(7ul, applied.Asked);

        tokens.Add("abc.7", "u");
        applied.Reached.SetResult();

        Assert.True(await judging);
    }

    [Fact]
    public async Task A_token_of_an_entry_that_never_comes_is_refused()
    {
        var applied = new Applied();
        var tokens = new SimpleTokens(TimeSpan.FromSeconds(300), _time);
        tokens.WaitWith(applied);
        var judging = IsValidAsync(tokens, "abc.7");
        applied.Reached.SetException(new EtcdException(EtcdError.Timeout));

        Assert.False(await judging);
    }

    [Fact]
    public void The_expired_are_swept_when_others_come()
    {
        var tokens = new SimpleTokens(TimeSpan.FromSeconds(10), _time);
        for (var i = 0; i < 100; i++)
        {
            tokens.Add($"abc.{i}", "u");
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        tokens.Add("def.1", "u");

        Assert.Equal(1, tokens.Count);
    }

    [Fact]
    public async Task Beyond_the_bound_those_go_that_would_expire_first()
    {
        var tokens = new SimpleTokens(TimeSpan.FromSeconds(1000), _time, maxTokens: 10);
        for (var i = 0; i < 15; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            tokens.Add($"abc.{i}", "u");
        }

        Assert.True(tokens.Count <= 10);
        Assert.False(await IsValidAsync(tokens, "abc.0"));
        Assert.True(await IsValidAsync(tokens, "abc.14"));
    }

    private static async Task<bool> IsValidAsync(SimpleTokens tokens, string token) =>
        await tokens.IdentifyAsync(token, 1, CancellationToken.None) is not null;

    private sealed class Applied : IAppliedIndex
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ulong Asked { get; private set; }

        public ValueTask WaitAppliedAsync(ulong index, CancellationToken cancellationToken)
        {
            Asked = index;
            return new(Reached.Task);
        }
    }
}
