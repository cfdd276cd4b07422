using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Cluster.Tests.Auth;

/// <summary>Auth on several members.</summary>
public sealed class AuthClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_one_member_is_good_on_every_other_also_on_one_that_lags_behaviour_201()
    {
        await using var cluster = await StartAsync();
        cluster[3].Member.HoldApply();
        var token = await cluster[2].Auth.AuthenticateAsync("alice", "pw", Stop);

        Assert.Equal("alice", (await IdentifyAsync(cluster, 1, token)).UserName);
        var lagging = IdentifyAsync(cluster, 3, token);
        Assert.False(lagging.IsCompleted);
        cluster[3].Member.ReleaseApply();
        Assert.Equal("alice", (await lagging).UserName);
    }

    [Fact]
    public async Task A_revoke_and_a_password_change_hold_on_every_member_behaviour_204()
    {
        await using var cluster = await StartAsync();
        var token = await cluster[2].Auth.AuthenticateAsync("alice", "pw", Stop);
        await ExecuteAsync(cluster, 3, new AuthCommand(AuthCommandKind.UserRevokeRole) { User = "alice", Role = "r" });
        for (var member = 1; member <= 3; member++)
        {
            await cluster[member].Auth.ReadBarrierAsync(Stop);
            var identity = await IdentifyAsync(cluster, member, token);
            Assert.Equal(EtcdError.PermissionDenied, cluster[member].Auth.View.CheckWrite(identity, "a"u8, default));
        }

        var hash = await cluster[2].Auth.HashPasswordAsync("other", Stop);
        await ExecuteAsync(cluster, 2, new AuthCommand(AuthCommandKind.UserChangePassword) { User = "alice", PasswordHash = hash });
        for (var member = 1; member <= 3; member++)
        {
            await cluster[member].Auth.ReadBarrierAsync(Stop);
            Assert.Equal(EtcdError.InvalidAuthToken, (await Assert.ThrowsAsync<EtcdException>(() => IdentifyAsync(cluster, member, token))).Error);
            var refused = await Assert.ThrowsAsync<EtcdException>(async () => await cluster[member].Auth.AuthenticateAsync("alice", "pw", Stop));
            Assert.Equal(EtcdError.AuthFailed, refused.Error);
        }

        Assert.NotEmpty(await cluster[3].Auth.AuthenticateAsync("alice", "other", Stop));
    }

    /// <summary>The member that judged a write may be behind: the leader knows better.</summary>
    [Fact]
    public async Task A_write_that_was_judged_by_permissions_of_the_past_has_no_effect()
    {
        await using var cluster = await StartAsync();
        await cluster[2].Keyspace.WriteAsync(Put("a", "before", cluster[2].Auth.View.Stamp), Stop);
        cluster[2].Member.HoldApply();
        var past = cluster[2].Auth.View;
        await ExecuteAsync(cluster, 3, new AuthCommand(AuthCommandKind.UserRevokeRole) { User = "alice", Role = "r" });

        Assert.Same(past, cluster[2].Auth.View);
        var refused = await Assert.ThrowsAsync<EtcdException>(async () => await cluster[2].Keyspace.WriteAsync(Put("a", "after", past.Stamp), Stop));
        Assert.Equal(EtcdError.AuthChanged, refused.Error);
        Assert.Equal("before", cluster.Read(1, "a")!.Value.Value);

        cluster[2].Member.ReleaseApply();
        await cluster[2].Auth.ReadBarrierAsync(Stop);
        await cluster[2].Keyspace.WriteAsync(Put("a", "judged anew", cluster[2].Auth.View.Stamp), Stop);
        Assert.Equal("judged anew", cluster.Read(2, "a")!.Value.Value);
    }

    /// <summary>While the change is in the log but nobody has applied it.</summary>
    [Fact]
    public async Task A_write_behind_an_unapplied_change_has_no_effect()
    {
        await using var cluster = await StartAsync();
        await cluster[1].Keyspace.WriteAsync(Put("a", "before", cluster[1].Auth.View.Stamp), Stop);
        cluster.Log.HoldCommits();
        var change = ExecuteAsync(cluster, 1, new AuthCommand(AuthCommandKind.UserRevokeRole) { User = "alice", Role = "r" });
        await Eventually.TrueAsync(() => cluster[1].Member.Tail.LastIndex > cluster[1].Member.AppliedIndex, "the change is appended");

        var refused = await Assert.ThrowsAsync<EtcdException>(
            async () => await cluster[1].Keyspace.WriteAsync(Put("a", "after", cluster[1].Auth.View.Stamp), Stop));
        Assert.Equal(EtcdError.AuthChanged, refused.Error);
        cluster.Log.Elect(1, surviving: int.MaxValue);
        await change;
        Assert.Equal("before", cluster.Read(1, "a")!.Value.Value);
    }

    [Fact]
    public async Task Auth_goes_on_behind_a_new_leader()
    {
        await using var cluster = await StartAsync();
        var token = await cluster[1].Auth.AuthenticateAsync("alice", "pw", Stop);
        cluster.Log.Elect(2);
        await Eventually.TrueAsync(() => cluster[2].Member.IsReadyLeader, "the new leader is ready");

        Assert.Equal("alice", (await IdentifyAsync(cluster, 3, token)).UserName);
        await cluster[3].Keyspace.WriteAsync(Put("a", "v", cluster[3].Auth.View.Stamp), Stop);
        await ExecuteAsync(cluster, 1, new AuthCommand(AuthCommandKind.UserDelete) { User = "alice" });
        await cluster[3].Auth.ReadBarrierAsync(Stop);
        Assert.Equal(EtcdError.InvalidAuthToken, (await Assert.ThrowsAsync<EtcdException>(() => IdentifyAsync(cluster, 3, token))).Error);
    }

    /// <summary>Three members; auth is on, alice may write everything.</summary>
    private static async Task<MemberCluster> StartAsync()
    {
        var cluster = await MemberCluster.StartAsync(3);
        var auth = cluster[1].Auth;
        async Task Do(AuthCommandKind kind, string user = "", string role = "") => await auth.ExecuteAsync(
            new AuthCommand(kind)
            {
                User = user,
                Role = role,
                PasswordHash = user.Length > 0 ? await auth.HashPasswordAsync("pw", Stop) : default,
                Permission = new KeyPermission(PermissionType.ReadWrite, "a"u8.ToArray(), new byte[1]),
            },
            Stop);
        await Do(AuthCommandKind.UserAdd, "root");
        await Do(AuthCommandKind.UserGrantRole, "root", "root");
        await Do(AuthCommandKind.UserAdd, "alice");
        await Do(AuthCommandKind.RoleAdd, role: "r");
        await Do(AuthCommandKind.RoleGrantPermission, role: "r");
        await Do(AuthCommandKind.UserGrantRole, "alice", "r");
        await Do(AuthCommandKind.Enable);
        foreach (var member in new[] { 1, 2, 3 })
        {
            await cluster[member].Auth.ReadBarrierAsync(Stop);
            Assert.True(cluster[member].Auth.View.Enabled);
        }

        return cluster;
    }

    private static async Task<AuthIdentity> IdentifyAsync(MemberCluster cluster, int member, string token) =>
        await cluster[member].Auth.IdentifyAsync(token, cluster[member].Auth.View, Stop);

    private static async Task ExecuteAsync(MemberCluster cluster, int member, AuthCommand command) =>
        await cluster[member].Auth.ExecuteAsync(command with { Actor = "root" }, Stop);

    private static PutRequest Put(string key, string value, ulong stamp)
    {
        var put = MemberCluster.Put(key, value);
        put.AuthStamp = stamp;
        return put;
    }
}
