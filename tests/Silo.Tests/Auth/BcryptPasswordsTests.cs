using System.Text;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Silo.Auth;

namespace Krewe.Silo.Tests.Auth;

public sealed class BcryptPasswordsTests : IDisposable
{
    private const int Cost = 4;

    // About half a second.
    private const int SlowCost = 13;
    private readonly BcryptPasswords _passwords = new(Cost, threads: 2);
    private readonly BcryptPasswords _costly = new(cost: 10, threads: 1);

    public void Dispose()
    {
        _passwords.Dispose();
        _costly.Dispose();
    }

    [Fact]
    public async Task Hashes_are_bcrypt_of_the_cost_behaviour_233()
    {
        var hash = await HashAsync("secret");

        Assert.StartsWith("$2a$04$", Encoding.ASCII.GetString(hash.Span), StringComparison.Ordinal);
        Assert.NotEqual(hash.ToArray(), (await HashAsync("secret")).ToArray());
    }

    /// <summary>What Go's library, which etcd uses, made of a password.</summary>
    [Theory]
    [InlineData("$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga", "allmine", true)]
    [InlineData("$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga", "allmin", false)]
    [InlineData("", "", false)]
    [InlineData("x", "x", false)]
    [InlineData("$2a$", "x", false)]
    [InlineData("$2a$99$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga", "allmine", false)]
    [InlineData("$2a$10$XajjQvNhvvRt5GSeFk1xF", "allmine", false)]
    [InlineData("$1$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga", "allmine", false)]
    public async Task Any_stored_hash_gets_an_answer_behaviour_199(string hash, string password, bool expected) =>
        Assert.Equal(expected, await VerifyAsync("u", Encoding.ASCII.GetBytes(hash), password));

    [Fact]
    public async Task An_empty_password_is_a_password_behaviour_197()
    {
        var hash = await HashAsync("");

        Assert.True(await VerifyAsync("u", hash, ""));
        Assert.False(await VerifyAsync("u", hash, "x"));
    }

    [Fact]
    public async Task More_than_72_bytes_can_not_be_set_and_are_ignored_when_checked()
    {
        var error = await Assert.ThrowsAsync<EtcdException>(async () => await HashAsync(new string('é', 37)));
        Assert.Equal(EtcdError.PasswordTooLong, error.Error);
        var longest = new string('a', BcryptPasswords.MaxPasswordBytes);
        Assert.True(await VerifyAsync("u", await HashAsync(longest), longest + "b"));
        Assert.False(await VerifyAsync("u", await HashAsync(longest), longest[1..] + "b"));
        Assert.True(await VerifyAsync("u", await HashAsync(longest), longest));
    }

    [Fact]
    public async Task What_was_right_once_is_not_computed_again_until_the_password_changes()
    {
        var hash = await HashAsync("right");
        Assert.True(await VerifyAsync("u", hash, "right"));
        Assert.Equal(1, _passwords.Checks);

        for (var i = 0; i < 100; i++)
        {
            Assert.True(await VerifyAsync("u", hash, "right"));
        }

        Assert.Equal(1, _passwords.Checks);
        Assert.False(await VerifyAsync("u", hash, "wrong"));
        Assert.Equal(2, _passwords.Checks);
        Assert.True(await VerifyAsync("u", hash, "right"));
        Assert.Equal(2, _passwords.Checks);
        Assert.False(await VerifyAsync("u", await HashAsync("other"), "right"));
        _passwords.Forget("u");
        Assert.True(await VerifyAsync("u", hash, "right"));
        Assert.Equal(4, _passwords.Checks);
    }

    [Fact]
    public async Task Equal_questions_at_one_time_are_answered_once()
    {
        using var slow = new BcryptPasswords(cost: 10, threads: 1);
        var hash = await slow.HashAsync("right", CancellationToken.None);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => slow.VerifyAsync("u", hash, "right", CancellationToken.None).AsTask()));

        Assert.DoesNotContain(false, answers);
        Assert.Equal(1, slow.Checks);
    }

    [Fact]
    public async Task Checks_whose_callers_have_gone_are_not_begun()
    {
        // The one thread is busy for as long as the others come and go.
        using var slow = new BcryptPasswords(SlowCost, threads: 1);
        var right = await HashAsync("right");
        var busy = slow.HashAsync("other", CancellationToken.None).AsTask();
        await Until(() => slow.Waiting == 0);
        using var gone = new CancellationTokenSource();
        var guesses = Enumerable.Range(0, 100).Select(i => slow.VerifyAsync("u", right, $"guess {i}", gone.Token).AsTask()).ToArray();
        var shared = slow.VerifyAsync("u", right, "guess 0", CancellationToken.None).AsTask();
        Assert.Equal(100, slow.Waiting);
        await gone.CancelAsync();
        foreach (var guess in guesses)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guess);
        }

        Assert.False(busy.IsCompleted, "the machine is too fast for this test: raise SlowCost");
        Assert.Equal(1, slow.Waiting);
        Assert.False(await shared);
        Assert.True(await slow.VerifyAsync("u", right, "right", CancellationToken.None));
        Assert.Equal(2, slow.Checks);
        await busy;
    }

    [Fact]
    public async Task Guesses_at_one_users_password_do_not_hold_up_another_user()
    {
        using var slow = new BcryptPasswords(SlowCost, threads: 1);
        var hash = await HashAsync("right");
        var costly = await _costly.HashAsync("right", CancellationToken.None);
        var busy = slow.HashAsync("other", CancellationToken.None).AsTask();
        await Until(() => slow.Waiting == 0);
        using var end = new CancellationTokenSource();
        var guesses = Enumerable.Range(0, BcryptPasswords.MaxWaitingOfUser)
            .Select(i => slow.VerifyAsync("victim", costly, $"guess {i}", end.Token).AsTask()).ToArray();
        var refused = await Assert.ThrowsAsync<EtcdException>(async () => await slow.VerifyAsync("victim", costly, "one more", end.Token));
        Assert.Equal(EtcdError.TooManyRequests, refused.Error);

        Assert.True(await slow.VerifyAsync("other", hash, "right", CancellationToken.None));
        Assert.InRange(slow.Checks, 1, 4);
        await end.CancelAsync();
        await Until(() => slow.Waiting == 0);
        await busy;
        Assert.Contains(guesses, guess => guess.IsCanceled);
    }

    [Fact]
    public void The_users_that_are_remembered_are_bounded()
    {
        var verified = new VerifiedPasswords(maxUsers: 2);
        var digest = verified.DigestOf("hash"u8, "p");
        verified.Add("a", digest);
        verified.Add("b", digest);
        Assert.True(verified.Contains("a", digest));
        verified.Add("c", digest);

        Assert.Equal(2, verified.Count);
        Assert.False(verified.Contains("b", digest));
        Assert.True(verified.Contains("a", digest));
        Assert.NotEqual(digest, verified.DigestOf("has"u8, "hp"));
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    private async Task<ReadOnlyMemory<byte>> HashAsync(string password) => await _passwords.HashAsync(password, CancellationToken.None);

    private async Task<bool> VerifyAsync(string user, ReadOnlyMemory<byte> hash, string password) =>
        await _passwords.VerifyAsync(user, hash, password, CancellationToken.None);
}
