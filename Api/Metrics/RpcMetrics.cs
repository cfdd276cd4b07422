using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Prometheus;

namespace Krewe.Api.Metrics;

/// <summary>grpc_server_* for every RPC, present from the start, and the bytes that clients exchanged with this member.</summary>
internal sealed class RpcMetrics(KreweMetrics metrics, GrpcMethodTable table, ApiOptions options)
{
    private static readonly string[] Labels = ["grpc_type", "grpc_service", "grpc_method"];

    private readonly List<Action> _updates = [];

    public void Bind()
    {
        var factory = metrics.Factory;
        var started = factory.CreateCounter("grpc_server_started_total", "Total number of RPCs started on the server.", Labels);
        var received = factory.CreateCounter("grpc_server_msg_received_total", "Total number of RPC messages received on the server.", Labels);
        var sent = factory.CreateCounter("grpc_server_msg_sent_total", "Total number of RPC messages sent by the server.", Labels);
        var handled = factory.CreateCounter(
            "grpc_server_handled_total", "Total number of RPCs completed on the server.", [.. Labels, "grpc_code"]);
        foreach (var method in table.Methods)
        {
            string[] labels = [TypeName(method.Kind), method.Service, method.Name];
            Follow(started.WithLabels(labels), () => method.Counters.StartedTotal);
            Follow(received.WithLabels(labels), () => method.Counters.ReceivedTotal);
            Follow(sent.WithLabels(labels), () => method.Counters.SentTotal);
            FollowCodes(handled, method, labels);
        }

        BindBytes();
        BindSeconds();
        metrics.BeforeCollect(() => _updates.ForEach(update => update()));
    }

    private static string TypeName(GrpcMethodKind kind) => kind switch
    {
        GrpcMethodKind.Unary => "unary",
        GrpcMethodKind.ServerStream => "server_stream",
        _ => "bidi_stream",
    };

    private void FollowCodes(Counter handled, GrpcMethod method, string[] labels)
    {
        foreach (var code in Enum.GetValues<StatusCode>())
        {
            Follow(handled.WithLabels([.. labels, GrpcStatusText.Name(code)]), () => method.Counters.HandledTotal(code));
        }
    }

    private void BindBytes()
    {
        var received = metrics.Factory.CreateCounter(
            "etcd_network_client_grpc_received_bytes_total", "The total number of bytes received from grpc clients.");
        var sent = metrics.Factory.CreateCounter(
            "etcd_network_client_grpc_sent_bytes_total", "The total number of bytes sent to grpc clients.");
        Follow(received, () => table.Methods.Sum(m => m.Counters.ReceivedBytes));
        Follow(sent, () => table.Methods.Sum(m => m.Counters.SentBytes));
    }

    private void BindSeconds()
    {
        if (!options.MetricsExtensive)
        {
            return;
        }

        var seconds = metrics.Factory.CreateHistogram(
            "grpc_server_handling_seconds",
            "Response latency of RPCs in seconds.",
            Labels,
            new HistogramConfiguration { Buckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] });
        foreach (var method in table.Methods)
        {
            method.Counters.ObserveSeconds = seconds.WithLabels(TypeName(method.Kind), method.Service, method.Name).Observe;
        }
    }

    private void Follow(ICounter counter, Func<long> read) => _updates.Add(() => counter.IncTo(read()));
}
