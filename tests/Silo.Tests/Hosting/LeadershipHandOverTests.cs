using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Krewe.Silo.Tests.Hosting;

/// <summary>Behaviour 349: a leader that stops hands leadership over first.</summary>
public sealed class LeadershipHandOverTests : IDisposable
{
    private readonly FakeGroup _group = new();
    private readonly SiloTable _silos = new();
    private readonly MemoryKeyspaceStore _store = new();

    public void Dispose() => _store.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_follower_with_most_of_the_log_gets_it()
    {
        _group.Others.AddRange([FakeGroup.Follower(2, 90), FakeGroup.Follower(3, 99), FakeGroup.Follower(4, 100, isLearner: true), FakeGroup.Follower(5, 100, isActive: false)]);
        _group.Willing.UnionWith([2, 3, 4, 5]);
        await StopAsync();
        Assert.Equal([3UL], _group.Offered);
    }

    [Fact]
    public async Task One_whose_silo_can_take_the_grains_comes_before_one_that_has_more_of_the_log()
    {
        _group.Others.AddRange([FakeGroup.Follower(2, 90), FakeGroup.Follower(3, 99)]);
        _group.Willing.UnionWith([2, 3]);
        AddSilo(memberId: 2);
        await StopAsync();
        Assert.Equal([2UL], _group.Offered);
    }

    [Fact]
    public async Task If_one_does_not_take_it_another_one_is_asked()
    {
        _group.Others.AddRange([FakeGroup.Follower(2, 90), FakeGroup.Follower(3, 99)]);
        _group.Willing.Add(2);
        await StopAsync();
        Assert.Equal([3UL, 2UL], _group.Offered);
        Assert.Equal(2UL, _group.LeaderId);
    }

    [Fact]
    public async Task The_stop_goes_on_when_nobody_takes_it()
    {
        _group.Others.AddRange([FakeGroup.Follower(2, 90), FakeGroup.Follower(3, 99), FakeGroup.Follower(4, 80)]);
        await StopAsync();
        Assert.Equal([3UL, 2UL], _group.Offered);
    }

    [Fact]
    public async Task A_follower_has_nothing_to_hand_over()
    {
        _group.Others.Add(FakeGroup.Follower(2, 90));
        _group.Lead(2);
        await StopAsync();
        Assert.Empty(_group.Offered);
    }

    [Fact]
    public async Task A_cluster_of_one_stops_as_the_leader()
    {
        await StopAsync();
        Assert.Empty(_group.Offered);
    }

    private Task StopAsync() => new LeadershipHandOver(
        _group,
        _group,
        _silos,
        new HandOverOptions(TimeSpan.FromMilliseconds(20), MaxAttempts: 2),
        TimeProvider.System,
        NullLogger<LeadershipHandOver>.Instance).StoppingAsync(Stop);

    private void AddSilo(ulong memberId)
    {
        var row = new SiloRow { Silo = $"127.0.0.1:{memberId}@1", Status = SiloRowStatus.Active, MemberId = memberId, HostName = "h", SiloName = "n" };
        using var batch = _store.CreateBatch();
        new SiloMembershipModule(_silos, new DirectoryTable()).Apply(
            SiloCommand.Insert(row, _silos.Current.Version).Encode().Span, new ModuleContext(1, 1, batch));
    }
}
