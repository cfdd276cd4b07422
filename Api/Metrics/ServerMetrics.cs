using Krewe.Api.Hosting;
using Krewe.Grains.Interfaces.Cluster;
using Prometheus;

namespace Krewe.Api.Metrics;

/// <summary>Who this member is and whether it has a leader; which clients call it; which streams broke.</summary>
internal sealed class ServerMetrics(
    KreweMetrics metrics, IMemberStatus status, ClientRequestCounters requests, StreamFailureCounters failures, ApiOptions options)
{
    public void Bind()
    {
        var factory = metrics.Factory;
        var hasLeader = factory.CreateGauge("etcd_server_has_leader", "Whether or not a leader exists. 1 is existence, 0 is not.");
        var isLeader = factory.CreateGauge("etcd_server_is_leader", "Whether or not this member is a leader. 1 if is, 0 otherwise.");
        var isLearner = factory.CreateGauge("etcd_server_is_learner", "Whether or not this member is a learner. 1 if is, 0 otherwise.");
        var id = factory.CreateGauge("etcd_server_id", "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.", "server_id");
        var byVersion = factory.CreateCounter(
            "etcd_server_client_requests_total", "The total number of client requests per client version.", "type", "client_api_version");
        BindVersions(factory);
        BindFailures(factory);
        metrics.BeforeCollect(() =>
        {
            hasLeader.Set(status.LeaderId != 0 ? 1 : 0);
            isLeader.Set(status.LeaderId != 0 && status.LeaderId == status.MemberId ? 1 : 0);
            isLearner.Set(status.IsLearner ? 1 : 0);
            id.WithLabels(status.MemberId.ToString("x", null)).Set(1);
            CountVersions(byVersion);
        });
    }

    private void BindVersions(MetricFactory factory)
    {
        factory.CreateGauge("etcd_server_version", "Which version is running. 1 for 'server_version' label with current version.", "server_version")
            .WithLabels(options.ServerVersion)
            .Set(1);
        if (options.ClusterVersion is { } version)
        {
            factory.CreateGauge("etcd_cluster_version", "Which version is running. 1 for 'cluster_version' label with current cluster version", "cluster_version")
                .WithLabels(string.Join('.', version.Split('.').Take(2)))
                .Set(1);
        }
    }

    private void BindFailures(MetricFactory factory)
    {
        var counter = factory.CreateCounter(
            "etcd_network_server_stream_failures_total", "The total number of stream failures from the local server.", "Type", "API");
        metrics.BeforeCollect(() =>
        {
            foreach (var (api, name) in new[] { (StreamFailureCounters.WatchApi, "watch"), (StreamFailureCounters.LeaseKeepAliveApi, "lease-keepalive") })
            {
                counter.WithLabels("send", name).IncTo(failures.Read(api, isSend: true));
                counter.WithLabels("receive", name).IncTo(failures.Read(api, isSend: false));
            }
        });
    }

    private void CountVersions(Counter counter)
    {
        foreach (var (version, unary, streams) in requests.Read())
        {
            counter.WithLabels("unary", version).IncTo(unary);
            counter.WithLabels("stream", version).IncTo(streams);
        }
    }
}
