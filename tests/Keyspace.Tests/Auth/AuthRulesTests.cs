using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using static Krewe.Grains.Interfaces.Auth.AuthCommandKind;
using static Krewe.Keyspace.Tests.Auth.AuthRig;

namespace Krewe.Keyspace.Tests.Auth;

/// <summary>What commands do to users, roles and permissions, and in which order they are refused.</summary>
public sealed class AuthRulesTests
{
    [Fact]
    public void Enabling_needs_root_with_role_root_which_need_not_exist_behaviour_191()
    {
        var rig = new AuthRig();

        Assert.Equal(EtcdError.RootUserNotExist, rig.Do(Enable));
        rig.Do(UserAdd, "root");
        Assert.Equal(EtcdError.RootRoleNotExist, rig.Do(Enable));
        Assert.Equal(EtcdError.None, rig.Do(UserGrantRole, "root", "root"));
        Assert.Equal(EtcdError.None, rig.Do(Enable, actor: null));
        Assert.True(rig.View.Enabled);
        Assert.Empty(rig.View.Roles);
    }

    [Fact]
    public void Enabling_again_changes_nothing_behaviour_192()
    {
        var rig = new AuthRig().WithUsers();
        var (view, revision) = (rig.View, rig.View.Revision);

        Assert.Equal(EtcdError.None, rig.Do(Enable));
        Assert.Equal(EtcdError.UserEmpty, rig.Do(Enable, actor: null));
        Assert.Same(view, rig.View);
        Assert.Equal(revision, rig.View.Revision);
    }

    [Fact]
    public void The_revision_starts_at_1_and_rises_by_1_with_each_change_and_with_disabling_behaviour_208()
    {
        var rig = new AuthRig();
        Assert.Equal(1ul, rig.View.Revision);
        void Step(ulong by, EtcdError expected, EtcdError actual)
        {
            Assert.Equal(expected, actual);
            Assert.Equal(_last + by, rig.View.Revision);
            _last = rig.View.Revision;
        }

        Step(1, EtcdError.None, rig.Do(UserAdd, "root"));
        Step(0, EtcdError.UserAlreadyExists, rig.Do(UserAdd, "root"));
        Step(1, EtcdError.None, rig.Do(UserGrantRole, "root", "root"));
        Step(0, EtcdError.None, rig.Do(UserGrantRole, "root", "root"));
        Step(1, EtcdError.None, rig.Do(RoleAdd, role: "r"));
        Step(1, EtcdError.None, rig.Do(RoleGrantPermission, role: "r", permission: Permission(PermissionType.Read, "a")));
        Step(1, EtcdError.None, rig.Do(RoleGrantPermission, role: "r", permission: Permission(PermissionType.Read, "a")));
        Step(1, EtcdError.None, rig.Do(UserChangePassword, "root"));
        Step(0, EtcdError.None, rig.Do(Enable));
        Step(1, EtcdError.None, rig.Do(RoleRevokePermission, role: "r", permission: Permission(PermissionType.Write, "a")));
        Step(1, EtcdError.None, rig.Do(RoleDelete, role: "r"));
        Step(1, EtcdError.None, rig.Do(Disable));
        Step(0, EtcdError.None, rig.Do(Disable));
    }

    private ulong _last = 1;

    [Fact]
    public void With_auth_on_only_root_changes_anything_behaviours_210_211_225()
    {
        var rig = new AuthRig().WithUsers();
        foreach (var kind in Enum.GetValues<AuthCommandKind>().Except([Authenticate]))
        {
            Assert.Equal(EtcdError.UserEmpty, rig.Do(kind, "x", "y", actor: null));
            Assert.Equal(EtcdError.UserEmpty, rig.Do(kind, "x", "y", actor: ""));
            Assert.Equal(EtcdError.PermissionDenied, rig.Do(kind, "x", "y", actor: "alice"));
            Assert.Equal(EtcdError.UserNotFound, rig.Do(kind, "x", "y", actor: "nobody"));
        }
    }

    [Fact]
    public void Names_must_not_be_empty_and_must_exist()
    {
        var rig = new AuthRig();
        rig.Do(UserAdd, "u");
        rig.Do(RoleAdd, role: "r");

        Assert.Equal(EtcdError.UserEmpty, rig.Do(UserAdd, ""));
        Assert.Equal(EtcdError.RoleEmpty, rig.Do(RoleAdd, role: ""));
        Assert.Equal(EtcdError.RoleAlreadyExists, rig.Do(RoleAdd, role: "r"));
        Assert.Equal(EtcdError.UserNotFound, rig.Do(UserDelete, "x"));
        Assert.Equal(EtcdError.UserNotFound, rig.Do(UserChangePassword, "x"));
        Assert.Equal(EtcdError.UserNotFound, rig.Do(UserGrantRole, "x", "x"));
        Assert.Equal(EtcdError.RoleNotFound, rig.Do(UserGrantRole, "u", "x"));
        Assert.Equal(EtcdError.UserNotFound, rig.Do(UserRevokeRole, "x", "r"));
        Assert.Equal(EtcdError.RoleNotGranted, rig.Do(UserRevokeRole, "u", "r"));
        Assert.Equal(EtcdError.RoleNotFound, rig.Do(RoleDelete, role: "x"));
    }

    [Fact]
    public void Permissions_are_checked_before_the_role_behaviours_218_219()
    {
        var rig = new AuthRig();
        rig.Do(RoleAdd, role: "r");

        Assert.Equal(EtcdError.PermissionNotGiven, rig.Do(RoleGrantPermission, role: "x"));
        Assert.Equal(EtcdError.InvalidAuthMgmt, rig.Do(RoleGrantPermission, role: "x", permission: Permission(PermissionType.Read, "")));
        Assert.Equal(EtcdError.InvalidAuthMgmt, rig.Do(RoleGrantPermission, role: "x", permission: Permission(PermissionType.Read, "b", "b")));
        Assert.Equal(EtcdError.RoleNotFound, rig.Do(RoleGrantPermission, role: "x", permission: Permission(PermissionType.Read, "b", "\0")));
        Assert.Equal(EtcdError.RoleNotFound, rig.Do(RoleRevokePermission, role: "x", permission: Permission(PermissionType.Read, "b")));
        Assert.Equal(EtcdError.None, rig.Do(RoleGrantPermission, role: "r", permission: Permission(PermissionType.Read, "b", "d")));
        Assert.Equal(EtcdError.PermissionNotGranted, rig.Do(RoleRevokePermission, role: "r", permission: Permission(PermissionType.Read, "b")));
        Assert.Equal(EtcdError.PermissionNotGranted, rig.Do(RoleRevokePermission, role: "r", permission: Permission(PermissionType.Read, "b", "c")));
        Assert.Equal(EtcdError.None, rig.Do(RoleRevokePermission, role: "r", permission: Permission(PermissionType.Read, "b", "d")));
    }

    [Fact]
    public void A_permission_on_the_same_keys_replaces_and_others_are_listed_by_key_behaviour_217()
    {
        var rig = new AuthRig();
        rig.Do(RoleAdd, role: "r");
        foreach (var permission in new[]
        {
            Permission(PermissionType.Read, "m"), Permission(PermissionType.Read, "c", "d"), Permission(PermissionType.Read, "c"),
            Permission(PermissionType.Write, "z", "\0"), Permission(PermissionType.ReadWrite, "c", "d"),
        })
        {
            rig.Do(RoleGrantPermission, role: "r", permission: permission);
        }

        Assert.Equal(
            ["ReadWrite c d", "Read c ", "Read m ", "Write z \0"],
            rig.View.PermissionsOf("r")!.Select(p => $"{p.Type} {KeyspaceHarness.Text(p.Key)} {KeyspaceHarness.Text(p.RangeEnd)}"));
    }

    [Fact]
    public void Role_root_shows_one_permission_once_it_exists_behaviour_220()
    {
        var rig = new AuthRig();

        Assert.Null(rig.View.PermissionsOf("root"));
        rig.Do(RoleAdd, role: "root");
        var shown = Assert.Single(rig.View.PermissionsOf("root")!);
        Assert.Equal((PermissionType.ReadWrite, 0, 1), (shown.Type, shown.Key.Length, shown.RangeEnd.Length));
    }

    [Fact]
    public void Deleting_a_role_takes_it_from_its_users_behaviours_222_224()
    {
        var rig = new AuthRig();
        rig.Do(UserAdd, "u");
        foreach (var role in new[] { "b", "a", "c" })
        {
            rig.Do(RoleAdd, role: role);
            rig.Do(UserGrantRole, "u", role);
        }

        Assert.Equal(["a", "b", "c"], rig.View.RolesOf("u"));
        rig.Do(RoleDelete, role: "b");
        Assert.Equal(["a", "c"], rig.View.RolesOf("u"));
        Assert.Equal(["a", "c"], rig.View.Roles);
    }

    [Fact]
    public void Root_can_not_be_taken_away_while_auth_is_on_behaviour_223()
    {
        var rig = new AuthRig().WithUsers();

        Assert.Equal(EtcdError.InvalidAuthMgmt, rig.Do(UserDelete, "root"));
        Assert.Equal(EtcdError.InvalidAuthMgmt, rig.Do(RoleDelete, role: "root"));
        Assert.Equal(EtcdError.InvalidAuthMgmt, rig.Do(UserRevokeRole, "root", "root"));
        rig.Do(Disable);
        Assert.Equal(EtcdError.None, rig.Do(UserRevokeRole, "root", "root"));
        Assert.Equal(EtcdError.None, rig.Do(UserDelete, "root"));
    }

    [Fact]
    public void Names_are_sorted_by_their_bytes_behaviour_224()
    {
        var rig = new AuthRig();
        foreach (var name in new[] { "\U0001F600", "\uE000", "b", "a", "ab" })
        {
            rig.Do(UserAdd, name);
        }

        Assert.Equal(["a", "ab", "b", "\uE000", "\U0001F600"], rig.View.Users);
    }

    [Fact]
    public void A_malformed_hash_is_found_after_the_other_checks()
    {
        var rig = new AuthRig();
        var change = new AuthCommand(UserChangePassword) { User = "u", IsHashMalformed = true };
        Assert.Equal(EtcdError.UserNotFound, rig.Run(change).Error);
        rig.Do(UserAdd, "u");
        Assert.Equal(EtcdError.NoPasswordUser, rig.Run(change).Error);
        rig.Run(new AuthCommand(UserAdd) { User = "n", NoPassword = true });
        Assert.Equal(EtcdError.None, rig.Run(change with { User = "n" }).Error);
    }
}
