using Krewe.Grains.Auth;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Storage;
using Microsoft.Extensions.Time.Testing;
using static Krewe.Grains.Interfaces.Auth.AuthCommandKind;
using static Krewe.Keyspace.Tests.Auth.AuthRig;

namespace Krewe.Keyspace.Tests.Auth;

/// <summary>What of auth survives a restart, and what tokens live through.</summary>
public sealed class AuthModuleTests
{
    [Fact]
    public void All_but_tokens_is_read_back_from_the_store()
    {
        var rig = new AuthRig().WithUsers(Permission(PermissionType.Read, "a", "\0"), Permission(PermissionType.Write, "b"));
        rig.Run(new AuthCommand(UserAdd) { User = "n", NoPassword = true, Actor = "root" });
        rig.Do(RoleAdd, role: "gone");
        rig.Do(RoleDelete, role: "gone");
        rig.Do(UserDelete, "n");
        rig.Run(new AuthCommand(UserAdd) { User = "n2", NoPassword = true, Actor = "root" });

        var again = new AuthRig(store: rig.Store);

        Assert.True(again.View.Enabled);
        Assert.Equal((rig.View.Revision, rig.View.Stamp), (again.View.Revision, again.View.Stamp));
        Assert.Equal(["alice", "n2", "root"], again.View.Users);
        Assert.Equal(["r1"], again.View.Roles);
        Assert.Equal(["r1"], again.View.RolesOf("alice"));
        Assert.Equal(rig.View.PermissionsOf("r1")!.Count, again.View.PermissionsOf("r1")!.Count);
        Assert.Equal(EtcdError.None, again.View.CheckRead(again.As("alice"), Bytes("z"), default));
        Assert.Equal(EtcdError.AuthFailed, again.Run(new AuthCommand(Authenticate) { User = "n2", TokenPrefix = "p" }).Error);
    }

    [Fact]
    public void Two_members_that_apply_the_same_commands_store_the_same_bytes()
    {
        static MemoryKeyspaceStore Member() => new AuthRig().WithUsers(Permission(PermissionType.Read, "a", "c"), Permission(PermissionType.Write, "q")).Store;

        Assert.Equal(Rows(Member()), Rows(Member()));
    }

    /// <summary>The log's format: a change here is a change of it.</summary>
    [Fact]
    public void A_command_has_its_golden_form_in_the_log()
    {
        var command = new AuthCommand(RoleGrantPermission)
        {
            Actor = "root",
            User = "u",
            Role = "r",
            NoPassword = true,
            PasswordHash = Bytes("h"),
            TokenPrefix = "t",
            Permission = Permission(PermissionType.Write, "k", "\0"),
        };

        Assert.Equal(
            "010B0504000000726F6F740100000075010000007201000000680100000074010000000100" + "00006B0100000000",
            Convert.ToHexString(AuthModule.Encode(command)));
        var read = AuthCommandCodec.Decode(AuthModule.Encode(command));
        Assert.Equal(
            command with { PasswordHash = default, Permission = null },
            read with { PasswordHash = default, Permission = null });
        Assert.True(read.Permission!.IsOn(Bytes("k"), Bytes("\0")));
        Assert.Throws<InvalidDataException>(() => AuthCommandCodec.Decode([9, 1, 0]));
        Assert.Throws<InvalidDataException>(() => AuthCommandCodec.Decode(AuthModule.Encode(command).AsSpan(0, 20)));
    }

    [Fact]
    public void A_row_has_its_golden_form_in_the_store()
    {
        var rig = new AuthRig();
        rig.Do(UserAdd, "u");
        rig.Do(RoleAdd, role: "r");
        rig.Do(UserGrantRole, "u", "r");
        rig.Do(RoleGrantPermission, role: "r", permission: Permission(PermissionType.ReadWrite, "k", "m"));

        Assert.Equal(
            [
                "6D 01" + "00" + "0500000000000000" + "0400000000000000",
                "7272 01" + "01000000" + "02000000" + "010000006B" + "010000006D",
                "7575 01" + "0400000068617368" + "00" + "01000000" + "0100000072",
            ],
            Rows(rig.Store));
    }

    [Fact]
    public async Task Simple_tokens_come_by_the_log_and_go_with_password_user_and_auth_behaviours_193_201_204()
    {
        var tokens = new SimpleTokens(TimeSpan.FromMinutes(5), new FakeTimeProvider());
        var rig = new AuthRig(tokens).WithUsers();
        string Authenticate(string user) => rig.Run(new AuthCommand(AuthCommandKind.Authenticate) { User = user, TokenPrefix = tokens.NewPrefix() }).Token;
        async Task<bool> IsValid(string token) => await tokens.IdentifyAsync(token, 1, CancellationToken.None) is not null;

        var alice = Authenticate("alice");
        Assert.Matches("^[a-zA-Z]{16}\\.[0-9]+$", alice);
        Assert.EndsWith($".{rig.Index}", alice, StringComparison.Ordinal);
        Assert.Equal(new AuthIdentity("alice", 9), await tokens.IdentifyAsync(alice, 9, CancellationToken.None));

        rig.Do(UserRevokeRole, "alice", "r1");
        rig.Do(RoleDelete, role: "r1");
        Assert.True(await IsValid(alice));

        var root = Authenticate("root");
        rig.Do(UserChangePassword, "alice");
        Assert.False(await IsValid(alice));
        Assert.True(await IsValid(root));

        alice = Authenticate("alice");
        rig.Do(UserDelete, "alice");
        Assert.False(await IsValid(alice));

        rig.Do(Disable);
        Assert.False(await IsValid(root));
        Assert.Equal(0, tokens.Count);
    }

    [Fact]
    public void Authenticating_changes_no_permission()
    {
        var rig = new AuthRig(new SimpleTokens(TimeSpan.FromMinutes(5), new FakeTimeProvider())).WithUsers();
        var view = rig.View;

        Assert.Equal(EtcdError.None, rig.Run(new AuthCommand(Authenticate) { User = "alice", TokenPrefix = "p" }).Error);
        Assert.Equal(EtcdError.AuthFailed, rig.Run(new AuthCommand(Authenticate) { User = "nobody", TokenPrefix = "p" }).Error);
        Assert.Same(view, rig.View);
        rig.Do(Disable);
        Assert.Equal(EtcdError.AuthNotEnabled, rig.Run(new AuthCommand(Authenticate) { User = "alice", TokenPrefix = "p" }).Error);
    }

    [Fact]
    public void Entries_that_are_applied_again_bring_no_token_back_behaviour_202()
    {
        var tokens = new SimpleTokens(TimeSpan.FromMinutes(5), new FakeTimeProvider());
        var rig = new AuthRig(tokens).WithUsers();
        rig.Module.ReplayedIndex = rig.Index + 1;

        Assert.NotEqual("", rig.Run(new AuthCommand(Authenticate) { User = "alice", TokenPrefix = "p" }).Token);
        Assert.Equal(0, tokens.Count);
        rig.Run(new AuthCommand(Authenticate) { User = "alice", TokenPrefix = "q" });
        Assert.Equal(1, tokens.Count);
    }

    [Fact]
    public void Whose_password_changed_is_told()
    {
        var rig = new AuthRig().WithUsers();
        var told = new List<string>();
        rig.Module.PasswordChanged += told.Add;

        rig.Do(UserGrantRole, "alice", "root");
        Assert.Empty(told);
        rig.Do(UserChangePassword, "alice");
        rig.Do(UserDelete, "alice");
        Assert.Equal(["alice", "alice"], told);
    }

    private static List<string> Rows(MemoryKeyspaceStore store)
    {
        var all = new List<string>();
        using var rows = store.Iterate(StoreTable.Auth, [], []);
        while (rows.MoveNext())
        {
            all.Add($"{Convert.ToHexString(rows.Key)} {Convert.ToHexString(rows.Value)}");
        }

        return all;
    }
}
