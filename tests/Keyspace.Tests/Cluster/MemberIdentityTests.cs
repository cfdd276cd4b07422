using Krewe.Grains.Cluster;

namespace Krewe.Keyspace.Tests.Cluster;

/// <summary>Behaviour 240. The expected IDs are those that etcd itself prints for these flags.</summary>
public sealed class MemberIdentityTests
{
    private const string DefaultToken = "etcd-cluster";

    [Fact]
    public void Default_single_member_has_etcds_well_known_ids()
    {
        var member = MemberIdentity.MemberId(["http://localhost:2380"], DefaultToken);

        Assert.Equal(0x8e9e05c52164694dUL, member);
        Assert.Equal(0xcdf818194e3a8c32UL, MemberIdentity.ClusterId([member]));
    }

    [Theory] // The three members of etcd's Procfile, as its documentation shows them.
    [InlineData("http://127.0.0.1:12380", 0x8211f1d0f64f3269UL)]
    [InlineData("http://127.0.0.1:22380", 0x91bc3c398fb3c146UL)]
    [InlineData("http://127.0.0.1:32380", 0xfd422379fda50e48UL)]
    public void Documented_local_cluster_has_etcds_member_ids(string peerUrl, ulong expected) =>
        Assert.Equal(expected, MemberIdentity.MemberId([peerUrl], "etcd-cluster-1"));

    [Fact]
    public void Order_of_urls_and_members_does_not_matter()
    {
        Assert.Equal(
            MemberIdentity.MemberId(["http://a:1", "http://b:2"], "t"),
            MemberIdentity.MemberId(["http://b:2", "http://a:1"], "t"));
        Assert.Equal(MemberIdentity.ClusterId([1, 2, 3]), MemberIdentity.ClusterId([3, 1, 2]));
    }

    [Fact]
    public void Token_and_time_of_adding_change_the_id()
    {
        string[] urls = ["http://127.0.0.1:2380"];

        Assert.NotEqual(MemberIdentity.MemberId(urls, "a"), MemberIdentity.MemberId(urls, "b"));
        Assert.NotEqual(MemberIdentity.MemberId(urls, "", 1), MemberIdentity.MemberId(urls, "", 2));
    }
}
