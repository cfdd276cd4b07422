using System.Buffers;
using System.Net.Sockets;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Tests.Peers;

/// <summary>What comes over a connection: nonsense ends the connection, what breaks a property of Raft ends the member.</summary>
public sealed class PeerFailureTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_message_that_breaks_a_property_of_Raft_ends_the_member_and_the_others_go_on()
    {
        await using var cluster = PeerCluster.Start();
        var leader = await cluster.LeaderAsync();
        var from = leader.Id % 3 + 1;
        using var client = await GreetAsync(leader, from);
        var message = new Message { Type = MessageType.AppendResponse, From = from, To = leader.Id, Term = leader.Node.Term, Index = 1UL << 40 };
        await SendAsync(client, buffer => PeerFrame.Write(buffer, message));
        await PeerCluster.UntilAsync(() => !leader.Failures.IsEmpty);
        Assert.IsType<RaftInvariantException>(Assert.Single(leader.Failures));
        Assert.Equal(AppendRefusal.Stopped, leader.Node.TryAppend(message.Term, new byte[1], out _));
        await PeerCluster.UntilAsync(() => cluster.Members.Any(m => m != leader && m.Node.IsReadyLeader));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_malformed_message_ends_its_connection_only()
    {
        await using var cluster = PeerCluster.Start();
        var leader = await cluster.LeaderAsync();
        using var client = await GreetAsync(leader, leader.Id % 3 + 1);
        await SendAsync(client, buffer => PeerFrame.Write(buffer, PeerFrameKind.Raft, [255, 254, 253]));
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await cluster.AppendAsync([42]);
        Assert.Empty(leader.Failures);
    }

    /// <summary>The member that asked would otherwise propose it again.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_leader_that_fails_with_a_forwarded_proposal_in_its_log_does_not_answer_that_it_had_no_effect()
    {
        await using var cluster = PeerCluster.Start();
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Members.First(m => m != leader);
        leader.FailsAfterAppend = true;
        byte[] payload = [77];
        var error = await Assert.ThrowsAsync<EtcdException>(
            () => follower.Forwarder.ProposeAsync(CommandKind.MemberUpdate, payload, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(EtcdError.TimeoutDueToConnectionLost, error.Error);
        await PeerCluster.UntilAsync(() => follower.Payloads.Any());
        Assert.Single(follower.Payloads, p => p.SequenceEqual(payload));
    }

    private static async Task<TcpClient> GreetAsync(PeerMember member, ulong from)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", member.Port, TestContext.Current.CancellationToken);
        var buffer = new byte[PeerHello.Bytes];
        new PeerHello(PeerHello.CurrentVersion, PeerLaneKind.Urgent, PeerMember.ClusterId, from, member.Id).Write(buffer);
        await client.GetStream().WriteAsync(buffer, TestContext.Current.CancellationToken);
        await client.GetStream().ReadExactlyAsync(buffer.AsMemory(0, PeerWelcome.Bytes), TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task SendAsync(TcpClient client, Action<ArrayBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        await client.GetStream().WriteAsync(buffer.WrittenMemory, TestContext.Current.CancellationToken);
    }
}
