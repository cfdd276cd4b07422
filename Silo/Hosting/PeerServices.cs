using System.Text;
using System.Text.Json;
using Krewe.Grains.Interfaces;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Replication;
using Krewe.Silo.Bootstrap;
using Krewe.Silo.Clustering;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Krewe.Silo.Tls;

namespace Krewe.Silo.Hosting;

/// <summary>Registers what talks to the other members.</summary>
internal static class PeerServices
{
    public static IServiceCollection AddPeers(this IServiceCollection services, MemberState state, ReplicationOptions options)
    {
        services.AddSingleton(new PeerLimits());
        services.AddSingleton<IPeerBook>(new MemberBook(state));
        services.AddSingleton<IPeerSecurity>(new TlsPeerSecurity(state.Tls.Peer, new SystemHostNames()));
        services.AddSingleton<PeerTransport>();
        services.AddSingleton<IPeerRefusals>(provider => provider.GetRequiredService<PeerTransport>());
        services.AddSingleton<IPeerLiveness, PeerLiveness>();
        services.AddSingleton(new PeerRoutes(state.Identity.ClusterId, path => Answer(state, path)));
        services.AddSingleton<PeerListener>();
        services.AddSingleton(provider => new ProposalForwarder(
            provider.GetRequiredService<RaftNode>(),
            provider.GetRequiredService<TailAppender>().AppendModuleCommand,
            provider.GetRequiredService<PeerTransport>(),
            provider.GetRequiredService<PeerLimits>(),
            options.RequestTimeout,
            TimeProvider.System));
        services.AddSingleton<ICommandProposer>(provider => provider.GetRequiredService<ProposalForwarder>());
        return services.AddHostedService<PeerService>();
    }

    /// <summary>/members and /version as etcd has them on the peer port (rpcs.tsv).</summary>
    private static string? Answer(MemberState state, string path) => path switch
    {
        "/members" => Encoding.UTF8.GetString(MembersJson.Write(state.Members.Members)),
        "/version" => JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["etcdserver"] = EtcdVersion.Server,
            ["etcdcluster"] = EtcdVersion.Cluster,
        }),
        _ => null,
    };
}
