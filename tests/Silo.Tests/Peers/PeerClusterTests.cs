using System.Net.Sockets;
using System.Security.Cryptography;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Raft.Core;

namespace Krewe.Silo.Tests.Peers;

/// <summary>Raft nodes that talk over real sockets.</summary>
public sealed class PeerClusterTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Three_members_elect_a_leader_and_apply_the_same_entries()
    {
        await using var cluster = PeerCluster.Start();
        for (byte i = 1; i <= 50; i++)
        {
            await cluster.AppendAsync([i]);
        }

        foreach (var member in cluster.Members)
        {
            await PeerCluster.UntilAsync(() => member.Payloads.Count() >= 50);
            Assert.Equal(Enumerable.Range(1, 50), member.Payloads.Select(p => (int)p[0]));
            Assert.Empty(member.Failures);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Entries_larger_than_a_read_of_the_socket_arrive_whole()
    {
        await using var cluster = PeerCluster.Start();
        var payload = RandomNumberGenerator.GetBytes(3 << 20);
        await cluster.AppendAsync(payload);
        foreach (var member in cluster.Members)
        {
            await PeerCluster.UntilAsync(() => member.Payloads.Any());
            Assert.Equal(payload, member.Payloads.Single());
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task When_the_leader_stops_another_one_leads_and_nothing_is_lost()
    {
        await using var cluster = PeerCluster.Start();
        await cluster.AppendAsync([1]);
        var old = await cluster.LeaderAsync();
        await cluster.StopAsync(old.Id);
        await cluster.AppendAsync([2]);
        cluster.Restart(old.Id);
        await PeerCluster.UntilAsync(() => cluster[old.Id].Payloads.Count() >= 2);
        Assert.Equal([1, 2], cluster[old.Id].Payloads.Select(p => (int)p[0]));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_linearizable_read_goes_on_behind_a_change_of_leader_353()
    {
        await using var cluster = PeerCluster.Start();
        await cluster.AppendAsync([1]);
        var old = await cluster.LeaderAsync();
        var follower = cluster.Members.First(m => m.Id != old.Id);
        await cluster.StopAsync(old.Id);
        await follower.Node.ReadBarrierAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(old.Id, follower.Node.LeaderId);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_follower_that_was_away_catches_up_from_the_log()
    {
        await using var cluster = PeerCluster.Start();
        var leader = await cluster.LeaderAsync();
        var away = cluster.Members.First(m => m.Id != leader.Id).Id;
        await cluster.StopAsync(away);
        for (byte i = 1; i <= 100; i++)
        {
            await cluster.AppendAsync([i]);
        }

        cluster.Restart(away);
        await PeerCluster.UntilAsync(() => cluster[away].Payloads.Count() >= 100);
        Assert.Equal(Enumerable.Range(1, 100), cluster[away].Payloads.Select(p => (int)p[0]));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_follower_behind_the_log_restores_a_snapshot_and_goes_on_from_there()
    {
        await using var cluster = PeerCluster.Start();
        var leader = await cluster.LeaderAsync();
        var away = cluster.Members.First(m => m.Id != leader.Id).Id;
        await cluster.StopAsync(away);
        for (byte i = 1; i <= 30; i++)
        {
            await cluster.AppendAsync([i]);
        }

        // Whoever leads when the member comes back has the snapshot, and no log before it.
        var last = (await cluster.LeaderAsync()).Machine.Applied.Last(e => e.Data.Length > 0);
        var snapshot = new SnapshotMetadata(last.Index, last.Term, new ConfState([1, 2, 3]), new byte[] { 42 });
        foreach (var member in cluster.Members)
        {
            await PeerCluster.UntilAsync(() => member.Node.AppliedIndex >= last.Index);
            member.Snapshots.Newest = snapshot;
            member.Node.ReleaseLog(last.Index, new byte[1]);
        }

        cluster.Restart(away);
        await cluster.AppendAsync([99]);
        await PeerCluster.UntilAsync(() => cluster[away].Payloads.Any(p => p[0] == 99));
        var restored = Assert.Single(cluster[away].Machine.Restored);
        Assert.Equal((last.Index, 42), (restored.Index, restored.Handle.Span[0]));
        Assert.Equal([99], cluster[away].Payloads.Select(p => (int)p[0]));
        Assert.Empty(cluster[away].Failures);
    }

    [Fact(Timeout = Timeout)]
    public async Task B40_a_read_barrier_on_a_follower_covers_what_was_acknowledged_before()
    {
        await using var cluster = PeerCluster.Start();
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Members.First(m => m.Id != leader.Id);
        for (byte i = 1; i <= 20; i++)
        {
            await cluster.AppendAsync([i]);
            await follower.Node.ReadBarrierAsync(TestContext.Current.CancellationToken);
            Assert.Contains(follower.Payloads, p => p[0] == i);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_proposal_on_a_follower_goes_to_the_leader_and_is_applied_here_before_it_returns()
    {
        await using var cluster = PeerCluster.Start();
        await cluster.LeaderAsync();
        foreach (var member in cluster.Members)
        {
            byte[] payload = [(byte)member.Id, 99];
            await member.Forwarder.ProposeAsync(CommandKind.MemberUpdate, payload, TestContext.Current.CancellationToken);
            Assert.Single(member.Payloads, p => p.SequenceEqual(payload));
            Assert.Equal(0, member.Forwarder.Open);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Garbage_on_the_port_ends_its_own_connection_only()
    {
        await using var cluster = PeerCluster.Start();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", cluster[1].Port, TestContext.Current.CancellationToken);
            var garbage = new byte[random.Next(4, 300)];
            random.NextBytes(garbage);
            var stream = client.GetStream();
            await stream.WriteAsync(garbage, TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            try
            {
                Assert.Equal(0, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
            }
            catch (IOException)
            {
                // Reset, as bytes were left unread.
            }
        }

        await cluster.AppendAsync([1]);
        Assert.All(cluster.Members, m => Assert.Empty(m.Failures));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_peer_port_answers_http()
    {
        await using var cluster = PeerCluster.Start();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{cluster[1].Port}") };
        Assert.Equal("""{"etcdserver":"test"}""", await http.GetStringAsync("/version", TestContext.Current.CancellationToken));
        var missing = await http.GetAsync("/nothing", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
    }
}
