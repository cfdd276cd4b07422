namespace Krewe.Silo.Configuration.Flags;

internal static partial class FlagCatalog
{
    private static IEnumerable<FlagDefinition> Clustering()
    {
        const FlagGroup group = FlagGroup.Clustering;
        yield return new(
            "initial-advertise-peer-urls", FlagKind.Urls, "http://localhost:2380", group,
            "Peer URLs that the other members use for this one");
        yield return new(
            "initial-cluster", FlagKind.Text, "default=http://localhost:2380", group,
            "The members of a new cluster: name=peerURL, comma separated");
        yield return new FlagDefinition(
            "initial-cluster-state", FlagKind.Text, "new", group,
            "Whether a member without data makes a 'new' cluster or joins an 'existing' one")
            .OneOf("existing", "new");
        yield return new(
            "initial-cluster-token", FlagKind.Text, "etcd-cluster", group,
            "Text mixed into the IDs of the cluster and its members");
        yield return new(
            "advertise-client-urls", FlagKind.Urls, "http://localhost:2379", group,
            "Client URLs in the member list; required when --listen-client-urls is set");
        yield return Discovery("discovery-endpoints", FlagKind.TextList, "", "Endpoints of the discovery service");
        yield return Discovery("discovery-token", FlagKind.Text, "", "Token of this cluster at the discovery service");
        yield return Discovery("discovery-dial-timeout", FlagKind.Duration, "2s", "Discovery: time allowed for connecting");
        yield return Discovery("discovery-request-timeout", FlagKind.Duration, "5s", "Discovery: time allowed for a request");
        yield return Discovery("discovery-keepalive-time", FlagKind.Duration, "2s", "Discovery: period of keepalive pings");
        yield return Discovery("discovery-keepalive-timeout", FlagKind.Duration, "6s", "Discovery: wait for the answer to a ping");
        yield return Discovery("discovery-insecure-transport", FlagKind.Boolean, "true", "Discovery: connect without TLS");
        yield return Discovery("discovery-insecure-skip-tls-verify", FlagKind.Boolean, "false", "Discovery: accept any server certificate");
        yield return Discovery("discovery-cert", FlagKind.Text, "", "Discovery: file of the client certificate");
        yield return Discovery("discovery-key", FlagKind.Text, "", "Discovery: file of the client key");
        yield return Discovery("discovery-cacert", FlagKind.Text, "", "Discovery: file of the CA certificates");
        yield return Discovery("discovery-user", FlagKind.Text, "", "Discovery: user, or user:password");
        yield return Discovery("discovery-password", FlagKind.Text, "", "Discovery: password");
        yield return Discovery("discovery-fallback", FlagKind.Text, "exit", "What to do when discovery fails")
            .OneOf("exit", "proxy").NotInConfigFile();
        yield return new("discovery-srv", FlagKind.Text, "", group, "DNS domain whose SRV records list the members of a new cluster");
        yield return new("discovery-srv-name", FlagKind.Text, "", group, "Suffix of the SRV service name");
        yield return new(
            "strict-reconfig-check", FlagKind.Boolean, "true", group,
            "Refuse membership changes that would endanger the quorum");
        yield return new FlagDefinition("v2-deprecation", FlagKind.Text, "write-only", group, "Phase of the removal of the v2 store")
            .OneOf("not-yet", "write-only", "write-only-skip-check", "write-only-drop-data", "gone").NoEffect("Krewe never had a v2 store");
        yield return new("pre-vote", FlagKind.Boolean, "true", group, "Ask whether an election can be won before starting it");
    }

    private static IEnumerable<FlagDefinition> Compaction()
    {
        const FlagGroup group = FlagGroup.Compaction;
        yield return new(
            "auto-compaction-retention", FlagKind.Text, "0", group,
            "History that automatic compaction keeps: hours or a duration, or a number of revisions (0 switches it off)");
        yield return new FlagDefinition(
            "auto-compaction-mode", FlagKind.Text, "periodic", group,
            "Meaning of the retention: time ('periodic') or revisions ('revision')")
            .OneOf("periodic", "revision");
        yield return new("compaction-batch-limit", FlagKind.Integer, "1000", group, "Revisions removed in one step of a compaction");
        yield return new("compaction-sleep-interval", FlagKind.Duration, "10ms", group, "Pause between two steps of a compaction");
    }

    private static IEnumerable<FlagDefinition> Features()
    {
        const FlagGroup group = FlagGroup.Features;
        const string corruption = "comparing data between members is not built yet";
        yield return new(
            "feature-gates", FlagKind.Text, "", group,
            "Comma list of Name=true or Name=false; LeaseCheckpoint can be switched on, most others not yet");
        yield return new(
            "watch-progress-notify-interval", FlagKind.Duration, "10m", group,
            "Period of automatic progress notifications of watches (at least 100ms)");
        yield return new FlagDefinition(
            "corrupt-check-time", FlagKind.Duration, "0s", group,
            "Period of the leader's data comparison (0 switches it off)")
            .NotYet(corruption);
        yield return new FlagDefinition(
            "compact-hash-check-time", FlagKind.Duration, "1m", group,
            "Period of the comparison of compaction hashes")
            .NotYet(corruption);
        yield return new FlagDefinition(
            "downgrade-check-time", FlagKind.Duration, "5s", group,
            "Period of the downgrade check")
            .NotYet("downgrades are not built yet");
        yield return new FlagDefinition(
            "bootstrap-defrag-threshold-megabytes", FlagKind.UnsignedInteger, "0", group,
            "Defragment at start when it frees this many megabytes (0 switches it off)")
            .NoEffect("Krewe's store frees space in the background and needs no defragmentation");
        yield return new("max-learners", FlagKind.Integer, "1", group, "Learners that the cluster may have at once");
    }

    private static IEnumerable<FlagDefinition> Unsafe()
    {
        const FlagGroup group = FlagGroup.Unsafe;
        yield return new(
            "force-new-cluster", FlagKind.Boolean, "false", group,
            "Make a new cluster of this one member out of its data");
        yield return new(
            "unsafe-no-fsync", FlagKind.Boolean, "false", group,
            "Do not wait for the disk: a power failure loses acknowledged writes");
    }

    private static IEnumerable<FlagDefinition> Krewe()
    {
        const FlagGroup group = FlagGroup.Krewe;
        yield return new(
            "key-prefixes", FlagKind.TextList, "", group,
            "Comma list of key prefixes that get a grain of their own, beside the root prefix");
        yield return new("silo-port", FlagKind.UnsignedInteger, "0", group, "Port for other Orleans silos (0 takes a free one)");
        yield return new(
            "gateway-port", FlagKind.UnsignedInteger, "0", group,
            "Port for gateways and other Orleans clients (0 takes a free one)");
        yield return new(
            "client-cert-allowed-cn", FlagKind.TextList, "", group,
            "Common names of which a client certificate must carry one");
        yield return new("block-cache-bytes", FlagKind.UnsignedLong, "134217728", group, "Memory for blocks read from the store");
        yield return new(
            "write-buffer-bytes", FlagKind.UnsignedLong, "67108864", group,
            "Memory for writes that the store has not flushed yet");
        yield return new("value-cache-bytes", FlagKind.UnsignedLong, "268435456", group, "Memory for recent values beside the index");
        yield return new(
            "audit-log", FlagKind.Boolean, "false", group,
            "Log who changes what and which calls are denied (category Krewe.Audit)");
        yield return new(
            "grpc-reflection", FlagKind.Boolean, "false", group,
            "Let gRPC tools list the services of the client port; beyond loopback only with --client-cert-auth");
        yield return new FlagDefinition(
            "dashboard", FlagKind.Boolean, "false", group,
            "Serve the Orleans dashboard")
            .NotYet("the dashboard is not wired yet");
    }

    private static FlagDefinition Discovery(string name, FlagKind kind, string defaultValue, string help) =>
        new FlagDefinition(name, kind, defaultValue, FlagGroup.Clustering, help).NotYet(IssueDiscovery);
}
