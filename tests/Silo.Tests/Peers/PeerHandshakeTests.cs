using System.Net.Sockets;
using Krewe.Silo.Peers;

namespace Krewe.Silo.Tests.Peers;

/// <summary>Who is let in, and with which words the others are turned away.</summary>
public sealed class PeerHandshakeTests
{
    private const ulong Cluster = PeerMember.ClusterId;

    public static TheoryData<byte, ulong, ulong, ulong, byte> Greetings => new()
    {
        { PeerHello.CurrentVersion, Cluster, 2, 1, (byte)PeerRefusal.None },
        { PeerHello.CurrentVersion + 1, Cluster, 2, 1, (byte)PeerRefusal.UnsupportedVersion },
        { PeerHello.CurrentVersion, Cluster + 1, 2, 1, (byte)PeerRefusal.ClusterIdMismatch },
        { PeerHello.CurrentVersion, Cluster, 2, 3, (byte)PeerRefusal.WrongTarget },
        { PeerHello.CurrentVersion, Cluster, 9, 1, (byte)PeerRefusal.UnknownMember },
        { PeerHello.CurrentVersion, Cluster, 3, 1, (byte)PeerRefusal.RemovedMember },
    };

    [Theory]
    [MemberData(nameof(Greetings))]
    public async Task Each_greeting_gets_its_answer(byte version, ulong clusterId, ulong from, ulong to, byte expected)
    {
        await using var cluster = PeerCluster.Start();
        cluster[1].Book.Removed[3] = true;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", cluster[1].Port, TestContext.Current.CancellationToken);
        var buffer = new byte[PeerHello.Bytes];
        new PeerHello(version, PeerLaneKind.Bulk, clusterId, from, to).Write(buffer);
        await client.GetStream().WriteAsync(buffer, TestContext.Current.CancellationToken);
        await client.GetStream().ReadExactlyAsync(buffer.AsMemory(0, PeerWelcome.Bytes), TestContext.Current.CancellationToken);
        Assert.True(PeerWelcome.TryRead(buffer, out var welcome));
        Assert.Equal(new PeerWelcome(PeerHello.CurrentVersion, (PeerRefusal)expected, Cluster, 1), welcome);
    }

    [Fact]
    public async Task A_member_that_was_removed_while_it_was_down_hears_of_it_from_the_others()
    {
        await using var cluster = PeerCluster.Start();
        await cluster.LeaderAsync();
        await cluster.StopAsync(3);
        cluster[1].Book.Removed[3] = true;
        cluster[2].Book.Removed[3] = true;
        var told = new TaskCompletionSource<PeerRefusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Restart(3, member => member.Transport.Refused += refusal => told.TrySetResult(refusal));
        Assert.Equal(PeerRefusal.RemovedMember, await told.Task.WaitAsync(TestContext.Current.CancellationToken));
    }
}
