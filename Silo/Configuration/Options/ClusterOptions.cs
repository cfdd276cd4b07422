namespace Krewe.Silo.Configuration.Options;

/// <summary>Who the members are.</summary>
public sealed record ClusterOptions
{
    /// <summary><c>--initial-advertise-peer-urls</c>; at least one.</summary>
    public required IReadOnlyList<EtcdUrl> AdvertisePeerUrls { get; init; }

    /// <summary><c>--advertise-client-urls</c>; at least one.</summary>
    public required IReadOnlyList<EtcdUrl> AdvertiseClientUrls { get; init; }

    /// <summary><c>--initial-cluster</c>; sorted by name. Of no account with <see cref="DiscoverySrv"/>.</summary>
    public required IReadOnlyList<InitialMember> InitialMembers { get; init; }

    /// <summary><c>--initial-cluster-token</c>.</summary>
    public required string InitialClusterToken { get; init; }

    /// <summary><c>--initial-cluster-state=existing</c>: without data, join the running cluster of the initial members.</summary>
    public bool JoinsExisting { get; init; }

    /// <summary><c>--force-new-cluster</c>: make a cluster of this member alone out of its data.</summary>
    public bool ForceNewCluster { get; init; }

    /// <summary><c>--discovery-srv</c>: the DNS domain that lists the initial members; empty for none.</summary>
    public string DiscoverySrv { get; init; } = "";

    /// <summary><c>--discovery-srv-name</c>.</summary>
    public string DiscoverySrvName { get; init; } = "";

    /// <summary><c>--strict-reconfig-check</c>.</summary>
    public required bool StrictReconfigCheck { get; init; }

    /// <summary><c>--max-learners</c>; at least 1.</summary>
    public required int MaxLearners { get; init; }

    /// <summary>What is wrong with these options, or null.</summary>
    public string? Validate()
    {
        if (AdvertisePeerUrls.FirstOrDefault(HasNoHost) is { } peer)
        {
            return $"--initial-advertise-peer-urls \"{peer}\" must be \"host:port\" (empty host)";
        }

        if (AdvertiseClientUrls.FirstOrDefault(HasNoHost) is { } client)
        {
            return $"--advertise-client-urls \"{client}\" must be in the format \"host:port\" (empty host)";
        }

        return MaxLearners < 1 ? $"--max-learners must be at least 1 (set to {MaxLearners})" : null;
    }

    /// <summary>
    /// What stands in the way of making a new cluster out of these options, or null. To be asked only when the data directory is
    /// empty: a member that restarts ignores the initial cluster, as etcd's does.
    /// </summary>
    /// <param name="name">This member's name.</param>
    public string? ValidateBootstrap(string name)
    {
        if (InitialMembers.FirstOrDefault(member => member.Name == name) is not { } self)
        {
            return $"couldn't find local name \"{name}\" in the initial cluster configuration";
        }

        var urls = InitialMembers.SelectMany(member => member.PeerUrls).ToList();
        if (urls.Distinct().Count() != urls.Count)
        {
            var text = string.Join(',', InitialMembers.SelectMany(member => member.PeerUrls.Select(url => $"{member.Name}={url}")));
            return $"initial cluster {text} has duplicated url";
        }

        if (self.PeerUrls.Except(AdvertisePeerUrls).ToArray() is { Length: > 0 } unadvertised)
        {
            return $"--initial-cluster has {string.Join(',', unadvertised.Select(url => $"{name}={url}"))} "
                + $"but missing from --initial-advertise-peer-urls={string.Join(',', AdvertisePeerUrls)}";
        }

        return AdvertisePeerUrls.Except(self.PeerUrls).ToArray() is { Length: > 0 } unlisted
            ? $"--initial-advertise-peer-urls has {string.Join<EtcdUrl>(',', unlisted)} but missing from --initial-cluster"
            : null;
    }

    private static bool HasNoHost(EtcdUrl url) => url.Host.Length == 0;
}
