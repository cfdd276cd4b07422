using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Silos;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Krewe.Cluster.Tests.Clustering;

/// <summary>A member that stops when the others are gone already does not wait for them. The normal limits here are endless.</summary>
public sealed class RaftProposalsTests
{
    private readonly SilentProposer _proposer = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly RaftProposals _proposals;

    public RaftProposalsTests()
    {
        var options = new RaftClusteringOptions
        {
            ProposalTimeout = Timeout.InfiniteTimeSpan,
            ReadBarrierTimeout = Timeout.InfiniteTimeSpan,
            StopTimeout = TimeSpan.FromMilliseconds(20),
        };
        _proposals = new RaftProposals(_proposer, Options.Create(options), _lifetime);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proposal_that_is_under_way_when_the_stop_begins_is_given_up()
    {
        var proposal = ProposeAsync();
        Assert.False(proposal.IsCompleted);
        _lifetime.StopApplication();
        await Assert.ThrowsAsync<TimeoutException>(() => proposal);
    }

    [Fact]
    public async Task After_one_was_given_up_nothing_is_asked_for_any_more()
    {
        _lifetime.StopApplication();
        await Assert.ThrowsAsync<TimeoutException>(ProposeAsync);
        Assert.False(await _proposals.TryReadBarrierAsync(Stop));
        await Assert.ThrowsAsync<TimeoutException>(ProposeAsync);
        Assert.Equal(1, _proposer.Asked);
    }

    [Fact]
    public async Task A_stop_with_a_quorum_goes_on_as_always()
    {
        var cluster = new FakeCluster();
        var proposals = new RaftProposals(new FakeMember(cluster, 1), Options.Create(new RaftClusteringOptions()), _lifetime);
        _lifetime.StopApplication();
        Assert.Equal(SiloCommandResult.Applied, await proposals.ProposeAsync(SiloCommand.Clear(), Stop));
        Assert.True(await proposals.TryReadBarrierAsync(Stop));
    }

    private Task<SiloCommandResult> ProposeAsync() => _proposals.ProposeAsync(SiloCommand.Clear(), Stop);
}
