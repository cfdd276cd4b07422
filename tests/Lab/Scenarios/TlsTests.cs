using Krewe.Lab.Clients;
using Krewe.Lab.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Lab.Scenarios;

/// <summary>Clusters with TLS on every port: between clients, peers and silos.</summary>
public sealed class TlsTests
{
    /// <summary>Certificates with addresses, and such with names only, as StatefulSets have them.</summary>
    [Theory]
    [InlineData(ServerKind.Krewe, "127.0.0.1")]
    [InlineData(ServerKind.Krewe, "localhost")]
    [InlineData(ServerKind.Etcd, "127.0.0.1")]
    [InlineData(ServerKind.Etcd, "localhost")]
    public async Task The_leader_is_killed_hard_and_comes_back(ServerKind kind, string peerHost)
    {
        LabSettings.Require(kind, byDefault: false);
        using var files = new CertificateFolder();
        await using var cluster = await StartAsync(kind, files, peerHost);
        await LeaderKills.CheckAsync(cluster);
    }

    [Theory]
    [InlineData(ServerKind.Krewe)]
    [InlineData(ServerKind.Etcd)]
    public async Task A_member_is_replaced(ServerKind kind)
    {
        LabSettings.Require(kind, byDefault: false);
        using var files = new CertificateFolder();
        await using var cluster = await StartAsync(kind, files, "127.0.0.1");
        await cluster.ReplaceAsync(cluster.Other(await cluster.LeaderAsync()));
        await cluster.WaitUntilHealthyAsync();
    }

    private static Task<ClusterUnderTest> StartAsync(ServerKind kind, CertificateFolder files, string peerHost)
    {
        var isByName = peerHost == "localhost";
        files.Issue("peer", new CertificateWish { CommonName = "peer", Addresses = isByName ? [] : [peerHost], DnsNames = isByName ? [peerHost] : [] });
        var tls = new LabTls(files.Connect(files.Client), files.EtcdctlFlags);
        MemberAddress[] addresses = [.. Enumerable.Range(0, 3).Select(_ => MemberAddress.LoopbackTls(tls, peerHost))];
        return ClusterUnderTest.StartAsync(kind, addresses, [.. files.ServerFlags, .. files.PeerFlags]);
    }
}
