using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Engine;

/// <summary>One server as a script sees it: a gRPC channel with its stubs and the HTTP base address.</summary>
internal interface IEtcdTarget
{
    ServerKind Kind { get; }

    GrpcChannel Channel { get; }

    HttpClient Http { get; }

    Uri ClientUrl { get; }

    Uri PeerUrl { get; }

    Uri MetricsUrl { get; }

    KV.KVClient Kv { get; }

    Krewe.Api.Protos.Etcd.Watch.WatchClient Watch { get; }

    Krewe.Api.Protos.Etcd.Lease.LeaseClient Lease { get; }

    Cluster.ClusterClient Cluster { get; }

    Maintenance.MaintenanceClient Maintenance { get; }
}
