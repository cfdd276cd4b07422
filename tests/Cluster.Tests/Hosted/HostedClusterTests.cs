using Krewe.Cluster.Tests.Clustering;
using Krewe.Cluster.Tests.Fakes;
using Krewe.Cluster.Tests.Modules;
using Krewe.Cluster.Tests.Streams;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Watch;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.TestingHost;

namespace Krewe.Cluster.Tests.Hosted;

/// <summary>Directory, membership, placement, streams and outside clients on Orleans' TestingHost.</summary>
public sealed class HostedClusterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_prefix_has_one_activation_for_all_silos_and_it_is_with_the_leader()
    {
        await using var cluster = await HostedCluster.StartAsync();
        foreach (var leader in new ulong[] { 1, 3 })
        {
            cluster.State.Elect(leader);
            var home = cluster.SiloOf(leader).SiloAddress;
            await Eventually.TrueAsync(async () => home.Equals(await TryFindAsync(cluster.Live[0])), "the grain is with the leader");
            var found = await Task.WhenAll(cluster.Live.Select(async silo =>
            {
                var probe = HostedCluster.Grains(silo).GetGrain<ILeaderProbeGrain>("root");
                return (await probe.GetSiloAsync(), await probe.GetActivationAsync());
            }));
            Assert.Equal(home, Assert.Single(found.Distinct()).Item1);
            Assert.True(cluster.State.Directory.IsOwner([], found[0].Item2));
        }
    }

    [Fact]
    public async Task Membership_and_directory_forget_a_killed_silo_on_every_other()
    {
        await using var cluster = await HostedCluster.StartAsync();
        var dead = cluster.SiloOf(1);
        var address = dead.SiloAddress;
        Assert.Equal(address, await HostedCluster.Grains(cluster.SiloOf(2)).GetGrain<ILeaderProbeGrain>("root").GetSiloAsync());

        // Even a killed silo of TestingHost says goodbye; one that is really gone can not.
        dead.ServiceProvider.GetRequiredService<FakeMember>().HasQuorum = false;
        await cluster.KillAsync(dead);
        Assert.Equal(SiloRowStatus.Active, cluster.State.Silos.Current.Rows[address.ToParsableString()].Status);

        cluster.State.Elect(2);
        Assert.True(await cluster.SiloOf(2).ServiceProvider.GetRequiredService<SiloEvictor>().EvictAsync(1, Stop));
        foreach (var member in new ulong[] { 2, 3 })
        {
            await Eventually.TrueAsync(
                () => HostedCluster.Membership(cluster.SiloOf(member)).GetSiloStatus(address) == SiloStatus.Dead,
                $"the silo is dead for member {member}");
            await Eventually.TrueAsync(
                async () => cluster.SiloOf(2).SiloAddress.Equals(await TryFindAsync(cluster.SiloOf(member))), "the grain is with the new leader");
        }

        var directory = new RecordingListener();
        cluster.State.Directory.Subscribe(directory);
        Assert.DoesNotContain(directory.Entries.Values, entry => entry.Silo == address.ToParsableString());
        cluster.State.Directory.Unsubscribe(directory);
    }

    [Fact]
    public async Task Revisions_reach_subscribers_on_every_silo_from_every_silos_stream()
    {
        const int Revisions = 100;
        await using var cluster = await HostedCluster.StartAsync();
        var subscribers = new List<RecordingSubscriber>();
        foreach (var subscriber in cluster.Live)
        {
            foreach (var source in cluster.Live)
            {
                subscribers.Add(new RecordingSubscriber());
                await HostedCluster.StreamOf(subscriber, source.SiloAddress).SubscribeAsync(subscribers[^1], new EventSequenceTokenV2(2, 0));
            }
        }

        for (var i = 0; i < Revisions; i++)
        {
            cluster.Put("k");
        }

        foreach (var subscriber in subscribers)
        {
            await subscriber.UntilAsync(Revisions + 1);
            Assert.Equal(Enumerable.Range(2, Revisions).Select(static r => (long)r), subscriber.Revisions);
        }
    }

    [Fact]
    public async Task An_outside_client_calls_nothing_but_what_is_meant_for_it()
    {
        await using var cluster = await HostedCluster.StartAsync();
        var client = cluster.Client;
        await RefusedAsync(() => client.GetGrain<ITallyGrain>("t").AddAsync(1));
        await RefusedAsync(() => client.GetGrain<ILeaderProbeGrain>("root").GetSiloAsync());
        await RefusedAsync(() => client.GetGrain<IManagementGrain>(0).GetHosts());
        Assert.Equal(1, await HostedCluster.Grains(cluster.Live[0]).GetGrain<ITallyGrain>("t").AddAsync(1));
    }

    [Fact]
    public async Task An_outside_client_calls_a_member_and_what_it_cancels_is_cancelled_there()
    {
        await using var cluster = await HostedCluster.StartAsync();
        var member = cluster.Client.GetGrain<IMemberGrain>(0);
        var reply = await member.CallAsync(new RpcRequest("/echo", null, new byte[] { 1, 2 }), Stop);
        Assert.Equal([1, 2], reply.Value.Payload.ToArray());

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var call = member.CallAsync(new RpcRequest(HeldRpcs.Endless, null, default), cancel.Token).AsTask();
        await cluster.Rpcs.Reached.WaitAsync(Limit, Stop);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Limit, Stop));
        await cluster.Rpcs.Cancelled.WaitAsync(Limit, Stop);
    }

    [Fact]
    public async Task Two_starts_of_one_stream_of_answers_open_it_once()
    {
        await using var cluster = await HostedCluster.StartAsync();
        cluster.Rpcs.MayOpen.Reset();
        var relay = cluster.Client.GetGrain<IRpcStreamGrain>(Guid.NewGuid());
        var request = new RpcRequest(HeldRpcs.Endless, null, default);
        Task[] starts = [relay.StartAsync(request), relay.StartAsync(request)];

        // The second start comes while the first one opens, as a rule; a grain that opens once does so in any case.
        await cluster.Rpcs.Opening.WaitAsync(Limit, Stop);
        cluster.Rpcs.MayOpen.Set();
        await Task.WhenAll(starts).WaitAsync(Limit, Stop);
        Assert.Equal(1, cluster.Rpcs.Opened);
    }

    private static async Task RefusedAsync(Func<Task> call) => await Assert.ThrowsAsync<UnauthorizedAccessException>(call);

    private static async Task<SiloAddress?> TryFindAsync(InProcessSiloHandle silo)
    {
        try
        {
            return await HostedCluster.Grains(silo).GetGrain<ILeaderProbeGrain>("root").GetSiloAsync();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return null;
        }
    }
}
