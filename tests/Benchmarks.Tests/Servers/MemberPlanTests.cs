using Krewe.Benchmarks.Servers;

namespace Krewe.Benchmarks.Tests.Servers;

public sealed class MemberPlanTests
{
    [Fact]
    public void Members_of_a_cluster_differ_in_names_and_ports_and_agree_on_the_cluster()
    {
        var plans = MemberPlan.Of(3);
        Assert.Equal(6, plans.SelectMany(plan => (int[])[plan.ClientPort, plan.PeerPort]).Distinct().Count());
        var cluster = string.Join(',', plans.Select(plan => $"{plan.Name}=http://127.0.0.1:{plan.PeerPort}"));
        Assert.All(plans, plan => Assert.Equal(cluster, plan.InitialCluster));
        Assert.Equal(3, plans.Select(plan => plan.Name).Distinct().Count());
    }

    [Fact]
    public void With_TLS_all_URLs_are_https()
    {
        var plan = MemberPlan.Of(1, "https")[0];
        Assert.Equal(("https", $"bench0=https://127.0.0.1:{plan.PeerPort}"), (plan.Scheme, plan.InitialCluster));
    }

    [Fact]
    public void A_member_that_joins_knows_all_others()
    {
        MemberPlan first = MemberPlan.Of(1)[0];
        MemberPlan joining = MemberPlan.Joining("bench1", first);
        Assert.Equal($"{first.InitialCluster},bench1=http://127.0.0.1:{joining.PeerPort}", joining.InitialCluster);
        Assert.Equal(("new", "existing"), (first.State, joining.State));
        Assert.NotEqual(first.PeerPort, joining.PeerPort);
    }
}
