namespace Krewe.Silo.Configuration.Flags;

internal static partial class FlagCatalog
{
    private const string V2Gone = "the v2 API and its proxy left etcd in 3.6; there is no replacement";

    private static IEnumerable<RemovedFlag> RemovedFlags() =>
        [.. RemovedBefore37(), .. RenamedExperimental(), .. ExperimentalToGate(), .. RenamedTracing()];

    private static IEnumerable<RemovedFlag> RemovedBefore37()
    {
        const string discovery = "v2 discovery left etcd in 3.7; use --discovery-endpoints and --discovery-token";
        yield return new("discovery", discovery);
        yield return new("discovery-proxy", discovery);
        yield return new("enable-v2", V2Gone);
        yield return new("proxy", V2Gone);
        yield return new("proxy-failure-wait", V2Gone);
        yield return new("proxy-refresh-interval", V2Gone);
        yield return new("proxy-dial-timeout", V2Gone);
        yield return new("proxy-write-timeout", V2Gone);
        yield return new("proxy-read-timeout", V2Gone);
        yield return new("experimental-enable-v2v3", V2Gone);
        yield return new("log-output", "use --log-outputs");
        yield return new("log-package-levels", "use --log-level");
        yield return new("debug", "use --log-level=debug");
        yield return new("next-cluster-version-compatible", "it helped to downgrade from 3.5 to 3.4; there is no replacement");
    }

    private static IEnumerable<RemovedFlag> RenamedExperimental()
    {
        yield return Renamed("corrupt-check-time");
        yield return Renamed("compact-hash-check-time");
        yield return Renamed("compaction-batch-limit");
        yield return Renamed("compaction-sleep-interval");
        yield return Renamed("peer-skip-client-san-verification");
        yield return Renamed("watch-progress-notify-interval");
        yield return Renamed("warning-apply-duration");
        yield return Renamed("warning-unary-request-duration");
        yield return Renamed("backend-bbolt-freelist-type");
        yield return Renamed("bootstrap-defrag-threshold-megabytes");
        yield return Renamed("memory-mlock");
        yield return Renamed("snapshot-catchup-entries");
        yield return Renamed("downgrade-check-time");
    }

    private static IEnumerable<RemovedFlag> RenamedTracing()
    {
        yield return Renamed("enable-distributed-tracing");
        yield return Renamed("distributed-tracing-address");
        yield return Renamed("distributed-tracing-service-name");
        yield return Renamed("distributed-tracing-instance-id");
        yield return Renamed("distributed-tracing-sampling-rate");
    }

    private static IEnumerable<RemovedFlag> ExperimentalToGate()
    {
        yield return Gate("initial-corrupt-check", "InitialCorruptCheck");
        yield return Gate("compact-hash-check-enabled", "CompactHashCheck");
        yield return Gate("enable-lease-checkpoint", "LeaseCheckpoint");
        yield return Gate("enable-lease-checkpoint-persist", "LeaseCheckpointPersist");
        yield return Gate("stop-grpc-service-on-defrag", "StopGRPCServiceOnDefrag");
        yield return Gate("txn-mode-write-with-shared-buffer", "TxnModeWriteWithSharedBuffer");
    }

    private static RemovedFlag Renamed(string name) => new($"experimental-{name}", $"use --{name}");

    private static RemovedFlag Gate(string name, string gate) => new($"experimental-{name}", $"use --feature-gates={gate}=true");
}
