using System.Globalization;
using Krewe.Grains.Cluster;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Raft.Log;
using Krewe.Silo.Configuration.Options;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Bootstrap;

/// <summary>
/// Decides what a member without data starts as: one of the first members of a new cluster, or a member that was added to a running one.
/// Every failure is an <see cref="InvalidDataException"/> with etcd's text.
/// </summary>
internal sealed class ClusterBootstrap(IRemoteCluster remote, ISrvLookup dns)
{
    /// <summary>How long a member that makes a new cluster waits for one that may know it already.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long a joining member waits for an answer of each member.</summary>
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(5);

    public BootstrapPlan Plan(ServerOptions options)
    {
        var cluster = options.Cluster;
        if (cluster.DiscoverySrv.Length > 0)
        {
            cluster = cluster with
            {
                InitialMembers = new SrvDiscovery(dns).Discover(
                    cluster.DiscoverySrv, cluster.DiscoverySrvName, options.Name, cluster.AdvertisePeerUrls),
            };
        }
        else if (cluster.ValidateBootstrap(options.Name) is { } error)
        {
            throw new InvalidDataException(error);
        }

        return cluster.JoinsExisting ? Join(cluster, options.Name) : Found(cluster, options.Name);
    }

    private BootstrapPlan Found(ClusterOptions cluster, string name)
    {
        var members = cluster.InitialMembers.Select(m => new Member(IdOf(m, cluster), m.Name, Texts(m.PeerUrls), [], IsLearner: false)).ToList();
        var self = members.Single(m => m.Name == name);

        // A member that lost its disk would vote twice in one term if it started anew under its old ID.
        foreach (var answer in Ask(cluster, name, ProbeLimit))
        {
            if (answer.Members.Any(m => m.Id == self.Id && m.ClientUrls.Count > 0))
            {
                throw new InvalidDataException($"member {Hex(self.Id)} has already been bootstrapped");
            }
        }

        return new BootstrapPlan(new WalIdentity(MemberIdentity.ClusterId(members.Select(m => m.Id)), self.Id), new MemberBootstrap(members));
    }

    private BootstrapPlan Join(ClusterOptions cluster, string name)
    {
        var answer = Ask(cluster, name, FetchLimit).FirstOrDefault()
            ?? throw new InvalidDataException(
                "cannot fetch cluster info from peer urls: could not retrieve cluster information from the given URLs");
        if (answer.Members.Count != cluster.InitialMembers.Count)
        {
            throw Mismatch(answer, "member count is unequal");
        }

        var remaining = answer.Members.ToList();
        ulong self = 0;
        foreach (var member in cluster.InitialMembers)
        {
            var urls = Texts(member.PeerUrls);
            var match = remaining.Find(m => m.PeerUrls.Order(StringComparer.Ordinal).SequenceEqual(urls))
                ?? throw Mismatch(answer, $"unmatched member while checking PeerURLs ({string.Join(',', urls)})");
            remaining.Remove(match);
            self = member.Name == name ? match.Id : self;
        }

        return new BootstrapPlan(new WalIdentity(answer.ClusterId, self), new MemberBootstrap(answer.Members, Joins: true));
    }

    private IEnumerable<RemoteCluster> Ask(ClusterOptions cluster, string name, TimeSpan limit) => cluster.InitialMembers
        .Where(m => m.Name != name)
        .SelectMany(m => m.PeerUrls)
        .Select(url => remote.Fetch(url, limit))
        .OfType<RemoteCluster>();

    private static InvalidDataException Mismatch(RemoteCluster answer, string what) => new(
        $"error validating peerURLs {{ClusterID:{Hex(answer.ClusterId)} Members:[{string.Join(' ', answer.Members.Select(m => Hex(m.Id)))}] RemovedMemberIDs:[]}}: {what}");

    private static ulong IdOf(InitialMember member, ClusterOptions cluster) =>
        MemberIdentity.MemberId(Texts(member.PeerUrls), cluster.InitialClusterToken);

    private static string[] Texts(IEnumerable<EtcdUrl> urls) => [.. urls.Select(u => u.ToString()).Order(StringComparer.Ordinal)];

    private static string Hex(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);
}
