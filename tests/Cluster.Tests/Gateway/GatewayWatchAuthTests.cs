using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Watch;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Cluster.Tests.Gateway;

/// <summary>Watchers of different users behind one gateway: the member judges each by its token.</summary>
public sealed class GatewayWatchAuthTests
{
    [Fact]
    public async Task Watchers_share_only_with_those_of_the_same_token()
    {
        await using var rig = new GatewayRig();
        rig.Auth.Enable(("alice", 'a'), ("bob", 'a'));
        await using var stream = rig.Hub.OpenStream();
        stream.Create(As("alice", 1));
        stream.Create(As("alice", 2));
        stream.Create(As("bob", 3));
        for (var i = 0; i < 3; i++)
        {
            await stream.NextAsync(WatchBatchKind.Created);
        }

        Assert.Equal((3, 2), (rig.Hub.Count().Watchers, rig.Hub.Count().Shared));
    }

    [Theory]
    [InlineData(null, EtcdError.UserEmpty)]
    [InlineData("bob", EtcdError.PermissionDenied)]
    [InlineData("expired", EtcdError.InvalidAuthToken)]
    public async Task Who_may_not_read_gets_nothing_also_where_another_watches_the_same(string? token, EtcdError expected)
    {
        await using var rig = new GatewayRig();
        rig.Auth.Expired.Add("expired");
        rig.Auth.Enable(("alice", 'a'), ("bob", 'b'));
        await using var alice = rig.Hub.OpenStream();
        await using var other = rig.Hub.OpenStream();
        alice.Create(As("alice", 1));
        await alice.NextAsync(WatchBatchKind.Created);
        other.Create(As(token, 1));
        await other.NextAsync(WatchBatchKind.Created);
        Assert.Equal(expected, (await other.NextAsync(WatchBatchKind.Canceled)).Error);

        rig.Member.ApplyPut("a");
        await alice.NextAsync(WatchBatchKind.Events);
        Assert.False(other.TryRead(out _));
        Assert.Equal(1, rig.Hub.Count().Watchers);
    }

    [Fact]
    public async Task A_lost_permission_ends_the_watchers_of_that_user_only_and_nothing_after_it_is_sent()
    {
        await using var rig = new GatewayRig();
        rig.Auth.Enable(("alice", 'a'), ("bob", 'a'));
        await using var alice = rig.Hub.OpenStream();
        await using var bob = rig.Hub.OpenStream();
        alice.Create(As("alice", 1));
        alice.Create(As("alice", 2));
        bob.Create(As("bob", 1));
        await alice.NextAsync(WatchBatchKind.Created);
        await alice.NextAsync(WatchBatchKind.Created);
        await bob.NextAsync(WatchBatchKind.Created);

        rig.Auth.Enable(("bob", 'a'));
        rig.Member.ApplyPut("a");
        Assert.Equal(EtcdError.PermissionDenied, (await alice.NextAsync(WatchBatchKind.Canceled)).Error);
        Assert.Equal(EtcdError.PermissionDenied, (await alice.NextAsync(WatchBatchKind.Canceled)).Error);
        await bob.NextAsync(WatchBatchKind.Events);
        Assert.False(alice.TryRead(out _));

        // The user's next one asks anew.
        rig.Auth.Enable(("alice", 'a'), ("bob", 'a'));
        alice.Create(As("alice", 1));
        await alice.NextAsync(WatchBatchKind.Created);
        rig.Member.ApplyPut("a");
        await alice.NextAsync(WatchBatchKind.Events);
    }

    [Fact]
    public async Task A_watch_from_the_past_is_judged_too_and_so_is_one_that_moves_to_another_member()
    {
        await using var rig = new GatewayRig();
        rig.Member.ApplyPut("a");
        rig.Auth.Enable(("alice", 'a'));
        await using var stream = rig.Hub.OpenStream();
        stream.Create(As("alice", 1) with { StartRevision = 2 });
        await stream.NextAsync(WatchBatchKind.Created);
        Assert.Equal(2, (await stream.NextAsync(WatchBatchKind.Events)).Revision);

        rig.Auth.Expired.Add("alice");
        rig.LoseMember();
        Assert.Equal(EtcdError.InvalidAuthToken, (await stream.NextAsync(WatchBatchKind.Canceled)).Error);
    }

    private static WatchRequest As(string? token, long id) => WatchRig.Watch(id, "a") with { Token = token };
}
