using Krewe.Grains.Gateway;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Cluster.Tests.Gateway;

public sealed class GatewayStatusTests
{
    private readonly GatewayStatus _status = new();

    [Fact]
    public void A_member_that_lags_does_not_take_back_that_auth_is_on()
    {
        _status.Observe(Of(member: 1, applied: 10, auth: false));
        Assert.False(_status.AuthEnabled);
        _status.Observe(Of(member: 2, applied: 12, auth: true));
        _status.Observe(Of(member: 1, applied: 11, auth: false));
        Assert.True(_status.AuthEnabled);
        Assert.Equal(1ul, _status.MemberId);

        _status.Observe(Of(member: 2, applied: 13, auth: false));
        Assert.False(_status.AuthEnabled);
    }

    [Fact]
    public void That_auth_is_on_is_believed_of_every_member_and_another_cluster_begins_anew()
    {
        _status.Observe(Of(member: 1, applied: 10, auth: false));
        _status.Observe(Of(member: 2, applied: 5, auth: true));
        Assert.True(_status.AuthEnabled);
        _status.Observe(Of(member: 3, applied: 2, auth: false) with { ClusterId = 99 });
        Assert.False(_status.AuthEnabled);
    }

    [Fact]
    public void The_revision_never_falls()
    {
        _status.Observe(Of(member: 1, applied: 10, auth: false) with { Revision = 8 });
        _status.Observe(Of(member: 2, applied: 9, auth: false) with { Revision = 7 });
        Assert.Equal(8, _status.Revision);
    }

    private static MemberSnapshot Of(ulong member, ulong applied, bool auth) => new(1, member, 1, 2, applied, applied, 1, auth);
}
