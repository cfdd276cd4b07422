namespace Krewe.Silo.Configuration.Flags;

internal static partial class FlagCatalog
{
    private static IEnumerable<FlagDefinition> General()
    {
        const FlagGroup group = FlagGroup.General;
        yield return new FlagDefinition(
            "config-file", FlagKind.Text, "", group,
            "YAML or JSON file with the settings; all other flags and variables are then ignored")
            .NotInConfigFile();
        yield return new FlagDefinition("version", FlagKind.Boolean, "false", group, "Print versions and exit")
            .NotInConfigFile() with
        { Environment = null };
    }

    private static IEnumerable<FlagDefinition> Member()
    {
        const FlagGroup group = FlagGroup.Member;
        const string peerTimeouts = "peer connections have fixed timeouts until clusters are built";
        yield return new("name", FlagKind.Text, "default", group, "Name of this member, for people");
        yield return new("data-dir", FlagKind.Text, "", group, "Directory for everything this member stores; empty means ${name}.etcd");
        yield return new(
            "wal-dir", FlagKind.Text, "", group,
            "Separate directory for the write-ahead log; empty means inside the data directory");
        yield return new("snapshot-count", FlagKind.UnsignedLong, "10000", group, "Applied log entries between two snapshots");
        yield return new(
            "snapshot-catchup-entries", FlagKind.UnsignedLong, "5000", group,
            "Log entries kept behind a snapshot for followers that lag");
        yield return new(
            "heartbeat-interval", FlagKind.UnsignedInteger, "100", group,
            "Period of the leader's heartbeats, in milliseconds");
        yield return new(
            "election-timeout", FlagKind.UnsignedInteger, "1000", group,
            "Silence after which a follower stands for election, in milliseconds");
        yield return new(
            "initial-election-tick-advance", FlagKind.Boolean, "true", group,
            "Shorten the first wait for an election after start");
        yield return new("listen-peer-urls", FlagKind.Urls, "http://localhost:2380", group, "Addresses to listen on for other members");
        yield return new(
            "listen-client-urls", FlagKind.Urls, "http://localhost:2379", group,
            "Addresses to listen on for clients, gRPC and HTTP");
        yield return new FlagDefinition(
            "listen-client-http-urls", FlagKind.Urls, "", group,
            "Addresses for HTTP only; --listen-client-urls then serve gRPC only")
            .NotYet("gRPC and HTTP share the client port");
        yield return new FlagDefinition("max-snapshots", FlagKind.UnsignedInteger, "5", group, "Snapshot files to keep (0 keeps all)")
            .NoEffect("a Krewe snapshot is a checkpoint of the store and only the newest is needed");
        yield return new FlagDefinition("max-wals", FlagKind.UnsignedInteger, "5", group, "Write-ahead log files to keep (0 keeps all)")
            .NoEffect("Krewe deletes a log segment as soon as no snapshot and no follower needs it");
        yield return new FlagDefinition(
            "memory-mlock", FlagKind.Boolean, "false", group,
            "Lock the process's memory in RAM")
            .NotYet("locking memory is not built yet");
        yield return new(
            "quota-backend-bytes", FlagKind.Integer, "0", group,
            "Store size that raises the NOSPACE alarm (0 means 2147483648, negative means no limit)");
        yield return new FlagDefinition(
            "backend-bbolt-freelist-type", FlagKind.Text, "map", group,
            "Free-list representation of the backend")
            .OneOf("array", "map").NoEffect(NoBbolt);
        yield return new FlagDefinition(
            "backend-batch-interval", FlagKind.Duration, "0", group,
            "Longest time between two commits of the backend (0 means 100ms)")
            .NoEffect(NoBbolt);
        yield return new FlagDefinition(
            "backend-batch-limit", FlagKind.Integer, "0", group,
            "Most operations between two commits of the backend (0 means 10000)")
            .NoEffect(NoBbolt);
        yield return new("max-txn-ops", FlagKind.UnsignedInteger, "128", group, "Most operations in one list of a transaction");
        yield return new("max-request-bytes", FlagKind.UnsignedInteger, "1572864", group, "Largest client request accepted, in bytes");
        yield return new(
            "max-concurrent-streams", FlagKind.UnsignedInteger, "4294967295", group,
            "HTTP/2 streams that one client connection may have open");
        yield return new("grpc-keepalive-min-time", FlagKind.Duration, "5s", group, "Shortest interval at which a client may ping");
        yield return new(
            "grpc-keepalive-interval", FlagKind.Duration, "2h", group,
            "Period of the server's pings to an idle client (0 switches them off)");
        yield return new(
            "grpc-keepalive-timeout", FlagKind.Duration, "20s", group,
            "Wait for the answer to a ping before the connection is closed");
        yield return new FlagDefinition(
            "socket-reuse-port", FlagKind.Boolean, "false", group,
            "Set SO_REUSEPORT on listeners")
            .NotYet("listener options are not built yet");
        yield return new FlagDefinition(
            "socket-reuse-address", FlagKind.Boolean, "false", group,
            "Set SO_REUSEADDR on listeners")
            .NotYet("listener options are not built yet");
        yield return new FlagDefinition(
            "raft-read-timeout", FlagKind.Duration, "5s", group,
            "Read timeout of peer connections")
            .NotYet(peerTimeouts).NotInConfigFile();
        yield return new FlagDefinition(
            "raft-write-timeout", FlagKind.Duration, "5s", group,
            "Write timeout of peer connections")
            .NotYet(peerTimeouts).NotInConfigFile();
        yield return new(
            "enable-grpc-gateway", FlagKind.Boolean, "true", group,
            "Serve the RPCs as JSON below /v3/");
    }
}
