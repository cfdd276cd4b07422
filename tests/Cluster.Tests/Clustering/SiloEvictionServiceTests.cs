using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Silos;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Krewe.Cluster.Tests.Clustering;

public sealed class SiloEvictionServiceTests : IDisposable
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly FakeCluster _cluster = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLiveness _liveness = new();
    private readonly SiloEvictionService _service;

    public SiloEvictionServiceTests()
    {
        var member = new FakeMember(_cluster, 1);
        var proposals = new RaftProposals(
            member, Options.Create(new RaftClusteringOptions()), new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
        _service = new SiloEvictionService(
            _cluster.Silos,
            new SiloEvictor(_cluster.Silos, proposals),
            member,
            _time,
            SiloEvictionOptions.For(TimeSpan.FromSeconds(1)),
            NullLogger<SiloEvictionService>.Instance,
            _liveness);
        _cluster.State.AddSilo("127.0.0.1:1@1", SiloRowStatus.Active, memberId: 1);
        _cluster.State.AddSilo("127.0.0.1:2@1", SiloRowStatus.Active, memberId: 2);
        _cluster.State.AddSilo("127.0.0.1:3@1", SiloRowStatus.Active, memberId: 3);
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Only_the_silent_members_silo_is_evicted()
    {
        await CheckAsync();
        await LookForAsync(Silent, () => _liveness.LastHeard[3] = _time.GetTimestamp());
        Assert.Equal([SiloRowStatus.Active, SiloRowStatus.Dead, SiloRowStatus.Active], Statuses());
    }

    [Fact]
    public async Task A_new_leader_gives_everybody_the_whole_time()
    {
        _time.Advance(Silent * 10);
        await CheckAsync();
        Assert.DoesNotContain(SiloRowStatus.Dead, Statuses());
        await LookForAsync(Silent - Look);
        Assert.DoesNotContain(SiloRowStatus.Dead, Statuses());
        await LookForAsync(Look);
        Assert.Equal([SiloRowStatus.Active, SiloRowStatus.Dead, SiloRowStatus.Dead], Statuses());
    }

    [Fact]
    public async Task A_follower_evicts_nobody()
    {
        _cluster.Elect(2);
        await CheckAsync();
        await LookForAsync(Silent * 2);
        Assert.DoesNotContain(SiloRowStatus.Dead, Statuses());
    }

    [Fact]
    public async Task A_leader_that_stood_still_itself_gives_everybody_the_whole_time_again()
    {
        await LookForAsync(Silent - Look);
        _time.Advance(Silent * 3);
        await CheckAsync();
        await LookForAsync(Silent - Look);
        Assert.DoesNotContain(SiloRowStatus.Dead, Statuses());
        await LookForAsync(Look);
        Assert.Equal([SiloRowStatus.Active, SiloRowStatus.Dead, SiloRowStatus.Dead], Statuses());
    }

    /// <summary>Time passes as it does for a process that runs: with a look at the members now and then.</summary>
    private async Task LookForAsync(TimeSpan duration, Action? before = null)
    {
        for (var passed = TimeSpan.Zero; passed < duration; passed += Look)
        {
            _time.Advance(Look);
            before?.Invoke();
            await CheckAsync();
        }
    }

    private Task CheckAsync() => _service.CheckAsync(TestContext.Current.CancellationToken);

    private SiloRowStatus[] Statuses() => [.. _cluster.Silos.Current.Rows.Values.Select(row => row.Status)];
}
