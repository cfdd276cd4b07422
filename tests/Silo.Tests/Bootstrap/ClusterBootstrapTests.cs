using Krewe.Grains.Cluster;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Silo.Bootstrap;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Tests.Bootstrap;

/// <summary>What a member without data starts as (behaviours 240, 251).</summary>
public sealed class ClusterBootstrapTests
{
    private const string Three = "a=http://h:1,b=http://h:2,c=http://h:3";
    private readonly FakeRemoteCluster _remote = [];
    private readonly FakeSrvLookup _dns = new();

    [Fact]
    public void Each_member_of_a_new_cluster_begins_with_the_same_log_behaviour_240()
    {
        var plans = new[] { ("a", 1), ("b", 2), ("c", 3) }.Select(m => Plan(m.Item1, m.Item2, Three)).ToList();

        Assert.Single(plans.Select(p => p.Identity.ClusterId).Distinct());
        Assert.Equal(3, plans.Select(p => p.Identity.MemberId).Distinct().Count());
        Assert.All(plans, p => Assert.Equal(plans[0].Bootstrap.Encode(), p.Bootstrap.Encode()));
        Assert.All(plans, p => Assert.Equal(
            plans[0].Bootstrap.Entries().Select(e => Convert.ToHexString(e.Data.Span)), p.Bootstrap.Entries().Select(e => Convert.ToHexString(e.Data.Span))));
        Assert.Equal(MemberIdentity.MemberId(["http://h:1"], "etcd-cluster"), plans[0].Identity.MemberId);
        Assert.Equal(MemberIdentity.ClusterId(plans.Select(p => p.Identity.MemberId)), plans[0].Identity.ClusterId);
    }

    [Fact]
    public void A_member_that_the_others_know_as_started_may_not_found_the_cluster_again()
    {
        var id = Plan("a", 1, Three).Identity.MemberId;
        _remote["http://h:3"] = new RemoteCluster(5, [new Member(id, "a", ["http://h:1"], ["http://h:9"], false)]);

        var failure = Assert.Throws<InvalidDataException>(() => Plan("a", 1, Three));

        Assert.Equal($"member {id:x} has already been bootstrapped", failure.Message);
    }

    [Fact]
    public void Another_token_gives_other_ids() => Assert.NotEqual(
        Plan("a", 1, Three).Identity.ClusterId, Plan("a", 1, Three, "--initial-cluster-token=other").Identity.ClusterId);

    [Fact]
    public void A_joining_member_takes_its_id_from_the_running_cluster_and_starts_empty()
    {
        _remote["http://h:2"] = new RemoteCluster(77, [Remote(9, 3), Remote(10, 1), Remote(11, 2)]);

        var plan = Plan("a", 1, Three, "--initial-cluster-state=existing");

        Assert.Equal((77UL, 10UL), (plan.Identity.ClusterId, plan.Identity.MemberId));
        Assert.True(plan.Bootstrap.Joins);
        Assert.Empty(plan.Bootstrap.Entries());
        Assert.Equal([9UL, 10UL, 11UL], plan.Bootstrap.Members.Select(m => m.Id));
        Assert.DoesNotContain("http://h:1", _remote.Asked);
    }

    [Fact]
    public void A_joining_member_that_reaches_nobody_fails_with_etcds_text()
    {
        var failure = Assert.Throws<InvalidDataException>(() => Plan("a", 1, Three, "--initial-cluster-state=existing"));

        Assert.Equal("cannot fetch cluster info from peer urls: could not retrieve cluster information from the given URLs", failure.Message);
        Assert.Equal(["http://h:2", "http://h:3"], _remote.Asked);
    }

    [Theory]
    [InlineData(2, "member count is unequal")]
    [InlineData(3, "unmatched member while checking PeerURLs (http://h:3)")]
    public void A_joining_member_must_list_the_cluster_as_it_is(int members, string expected)
    {
        _remote["http://h:2"] = new RemoteCluster(77, [.. new[] { Remote(1, 1), Remote(2, 2), Remote(3, 4) }.Take(members)]);

        var failure = Assert.Throws<InvalidDataException>(() => Plan("a", 1, Three, "--initial-cluster-state=existing"));

        Assert.StartsWith("error validating peerURLs {ClusterID:4d Members:[1 2", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Srv_records_list_the_members_and_names_have_no_part_in_ids()
    {
        _dns.Records["_etcd-server._tcp.example.com"] = [("h1.example.com", 1), ("h2.example.com", 2)];
        _dns.Hosts["h1.example.com"] = System.Net.IPAddress.Parse("10.0.0.1");
        var ids = new[] { 1, 2 }.Select(i => MemberIdentity.MemberId([$"http://h{i}.example.com:{i}"], "etcd-cluster"));

        var plan = new ClusterBootstrap(_remote, _dns).Plan(
            Options("--name=a", "--initial-advertise-peer-urls=http://10.0.0.1:1", "--discovery-srv=example.com"));

        Assert.Equal(MemberIdentity.ClusterId(ids), plan.Identity.ClusterId);
        Assert.Equal(ids.First(), plan.Identity.MemberId);
        Assert.Equal(["0", "a"], plan.Bootstrap.Members.Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Srv_records_with_a_suffix_and_tls()
    {
        _dns.Records["_etcd-server-ssl-blue._tcp.example.com"] = [("h1", 1)];

        var members = new SrvDiscovery(_dns).Discover("example.com", "blue", "a", [new EtcdUrl("https", "H1", 1)]);

        Assert.Equal("https://h1:1", Assert.Single(Assert.Single(members).PeerUrls).ToString());
    }

    [Fact]
    public void Srv_records_without_this_member_or_without_anybody_are_refused()
    {
        _dns.Records["_etcd-server._tcp.example.com"] = [("h2", 2)];

        Assert.Equal(
            "cannot find local etcd member \"a\" in SRV records",
            Assert.Throws<InvalidDataException>(() => new SrvDiscovery(_dns).Discover("example.com", "", "a", [new EtcdUrl("http", "h1", 1)])).Message);
        Assert.Contains(
            "error querying DNS SRV records",
            Assert.Throws<InvalidDataException>(() => new SrvDiscovery(_dns).Discover("example.org", "", "a", [])).Message,
            StringComparison.Ordinal);
    }

    private static Member Remote(ulong id, int port) => new(id, "", [$"http://h:{port}"], [], false);

    private static ServerOptions Options(params string[] arguments) => Configuration.Parsing.Parsing.Options(arguments);

    private BootstrapPlan Plan(string name, int port, string cluster, params string[] more) => new ClusterBootstrap(_remote, _dns).Plan(
        Options([$"--name={name}", $"--initial-advertise-peer-urls=http://h:{port}", $"--initial-cluster={cluster}", .. more]));
}
