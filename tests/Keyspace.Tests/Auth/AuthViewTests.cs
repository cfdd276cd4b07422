using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using static Krewe.Grains.Interfaces.Auth.AuthCommandKind;
using static Krewe.Keyspace.Tests.Auth.AuthRig;

namespace Krewe.Keyspace.Tests.Auth;

/// <summary>Who may read and write what.</summary>
public sealed class AuthViewTests
{
    [Fact]
    public void With_auth_off_everything_is_allowed_and_the_stamp_is_0()
    {
        var rig = new AuthRig();
        rig.Do(UserAdd, "u");

        Assert.Equal(EtcdError.None, rig.View.CheckWrite(null, Bytes("a"), default));
        Assert.Equal(EtcdError.None, rig.View.CheckAdmin(null));
        Assert.Equal(0ul, rig.View.Stamp);
    }

    [Fact]
    public void A_user_has_what_the_roles_give_and_root_has_all_behaviours_211_to_214()
    {
        var rig = new AuthRig().WithUsers(Permission(PermissionType.Read, "a", "c"), Permission(PermissionType.Write, "b"));
        var alice = rig.As("alice");

        Assert.Equal(EtcdError.None, rig.View.CheckRead(alice, Bytes("a"), Bytes("c")));
        Assert.Equal(EtcdError.PermissionDenied, rig.View.CheckRead(alice, Bytes("a"), Bytes("\0")));
        Assert.Equal(EtcdError.PermissionDenied, rig.View.CheckWrite(alice, Bytes("a"), default));
        Assert.Equal(EtcdError.None, rig.View.CheckWrite(alice, Bytes("b"), default));
        Assert.Equal(EtcdError.None, rig.View.CheckWrite(rig.As("root"), Bytes("z"), Bytes("\0")));
        Assert.Equal(EtcdError.PermissionDenied, rig.View.CheckAdmin(alice));
    }

    [Fact]
    public void Roles_add_up_and_unknown_types_allow_nothing_behaviour_213()
    {
        var rig = new AuthRig().WithUsers(Permission(PermissionType.Read, "a", "c"), Permission((PermissionType)7, "x"));
        rig.Do(RoleAdd, role: "r2");
        rig.Do(RoleGrantPermission, role: "r2", permission: Permission(PermissionType.ReadWrite, "c", "e"));
        Assert.Equal(EtcdError.PermissionDenied, rig.View.CheckRead(rig.As("alice"), Bytes("a"), Bytes("e")));
        rig.Do(UserGrantRole, "alice", "r2");

        Assert.Equal(EtcdError.None, rig.View.CheckRead(rig.As("alice"), Bytes("a"), Bytes("e")));
        Assert.Equal(EtcdError.PermissionDenied, rig.View.CheckRead(rig.As("alice"), Bytes("x"), default));
    }

    [Fact]
    public void Without_identity_unknown_and_old_behaviours_206_210_232()
    {
        var rig = new AuthRig().WithUsers(Permission(PermissionType.ReadWrite, "a"));
        var old = rig.As("alice");
        rig.Do(UserAdd, "other");

        Assert.Equal(EtcdError.UserEmpty, rig.View.CheckRead(null, Bytes("a"), default));
        Assert.Equal(EtcdError.PermissionDenied, rig.View.CheckRead(rig.As("nobody"), Bytes("a"), default));
        Assert.Equal(EtcdError.AuthOldRevision, rig.View.CheckRead(old, Bytes("a"), default));
        Assert.Equal(EtcdError.None, rig.View.CheckRead(rig.As("alice"), Bytes("a"), default));
    }

    [Fact]
    public async Task A_change_wakes_those_who_wait_for_it()
    {
        var rig = new AuthRig();
        var known = rig.View;
        var change = rig.Module.WaitForChangeAsync(known, CancellationToken.None);
        Assert.False(change.IsCompleted);
        rig.Do(UserAdd, "u");

        await change.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(rig.Module.WaitForChangeAsync(known, CancellationToken.None).IsCompleted);
        Assert.False(rig.Module.WaitForChangeAsync(rig.View, CancellationToken.None).IsCompleted);
    }
}
