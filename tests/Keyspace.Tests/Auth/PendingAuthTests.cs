using Krewe.Grains.Auth;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Keyspace.Commands;
using static Krewe.Grains.Interfaces.Auth.AuthCommandKind;

namespace Krewe.Keyspace.Tests.Auth;

/// <summary>Writes are appended only where the permissions that they were judged by hold.</summary>
public sealed class PendingAuthTests : IDisposable
{
    private readonly AuthModule _module = new();
    private readonly KeyspaceHarness _keyspace;
    private readonly PendingAuth _pending;

    public PendingAuthTests()
    {
        _keyspace = new KeyspaceHarness(modules: [_module]);
        _pending = new PendingAuth(_module, _keyspace.State);
    }

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void While_auth_is_off_setting_up_users_disturbs_nobody()
    {
        Append(UserAdd, "root");
        Assert.True(_pending.IsCurrent(1, 0));
        _keyspace.ApplyAll();
        Assert.True(_pending.IsCurrent(1, 0));
    }

    [Fact]
    public void From_the_moment_that_auth_is_turned_on_in_the_log_unchecked_writes_are_refused()
    {
        SetUp();
        Append(Enable);

        Assert.False(_pending.IsCurrent(1, 0));
        Assert.False(_pending.IsCurrent(1, LastIndex));
        _keyspace.ApplyAll();
        Assert.False(_pending.IsCurrent(1, 0));
        Assert.True(_pending.IsCurrent(1, _module.View.Stamp));
    }

    [Fact]
    public void A_change_that_follows_another_unapplied_one_counts_too()
    {
        SetUp();
        var enable = Append(Enable);
        Append(UserAdd, "late");
        _keyspace.Apply((int)(enable - _keyspace.State.AppliedIndex));

        Assert.Equal(enable, _module.View.Stamp);
        Assert.False(_pending.IsCurrent(1, enable));
        _keyspace.ApplyAll();
        Assert.True(_pending.IsCurrent(1, _module.View.Stamp));
    }

    [Fact]
    public void Authenticating_does_not_hold_up_writes()
    {
        SetUp();
        Append(Enable);
        _keyspace.ApplyAll();
        var stamp = _module.View.Stamp;
        Append(Authenticate, "root");

        Assert.True(_pending.IsCurrent(1, stamp));
    }

    [Fact]
    public void What_its_actor_may_not_do_does_not_hold_up_writes()
    {
        SetUp();
        Append(Enable);
        _keyspace.ApplyAll();
        var stamp = _module.View.Stamp;
        Append(Disable, actor: null);
        Append(UserAdd, "mine", actor: "nobody");

        Assert.True(_pending.IsCurrent(1, stamp));
        _keyspace.ApplyAll();
        Assert.Equal(stamp, _module.View.Stamp);
    }

    [Fact]
    public void Behind_a_change_that_may_give_its_actor_the_right_it_counts()
    {
        SetUp();
        Append(Enable);
        _keyspace.ApplyAll();
        var grant = Append(UserAdd, "second");
        Append(UserGrantRole, "second", "root");
        Append(UserAdd, "third", actor: "second");
        _keyspace.Apply((int)(grant + 1 - _keyspace.State.AppliedIndex));

        Assert.False(_pending.IsCurrent(1, _module.View.Stamp));
        _keyspace.ApplyAll();
        Assert.True(_pending.IsCurrent(1, _module.View.Stamp));
    }

    [Fact]
    public void What_was_appended_in_an_earlier_term_and_lost_does_not_count()
    {
        SetUp();
        Append(Enable);
        _keyspace.ApplyAll();
        var stamp = _module.View.Stamp;
        _pending.Appended(LastIndex + 5, 1, AuthModule.Encode(new AuthCommand(UserAdd) { User = "lost", Actor = "root" }));

        Assert.False(_pending.IsCurrent(1, stamp));
        Assert.True(_pending.IsCurrent(2, stamp));
    }

    private void SetUp()
    {
        Append(UserAdd, "root");
        Append(UserGrantRole, "root", "root");
        _keyspace.ApplyAll();
    }

    private ulong Append(AuthCommandKind kind, string user = "", string role = "", string? actor = "root")
    {
        var payload = AuthModule.Encode(new AuthCommand(kind) { User = user, Role = role, Actor = actor, TokenPrefix = "p" });
        _keyspace.Append(batch =>
        {
            batch.AddModuleCommand(CommandKind.Auth, payload);
            return true;
        });
        _pending.Appended(LastIndex, 1, payload);
        return LastIndex;
    }

    private ulong LastIndex => (ulong)_keyspace.Log.Count;
}
