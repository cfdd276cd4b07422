using System.Text.RegularExpressions;
using Krewe.Api.Hosting;
using Krewe.Api.Metrics;
using Krewe.Api.Tests.Hosting;

namespace Krewe.Api.Tests.Metrics;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Every_line_is_prometheus_text_behaviour_314()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Client.PutAsync("a", "1");

        using var response = await host.Http.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
    }

    [Theory]
    [InlineData("etcd_server_has_leader 1")]
    [InlineData("etcd_server_is_leader 1")]
    [InlineData("etcd_server_is_learner 0")]
    [InlineData("etcd_server_id{server_id=\"ab\"} 1")]
    [InlineData("etcd_server_version{server_version=\"3.7.1\"} 1")]
    [InlineData("etcd_cluster_version{cluster_version=\"3.7\"} 1")]
    [InlineData("etcd_server_health_success 0")]
    [InlineData("etcd_network_server_stream_failures_total{Type=\"send\",API=\"watch\"} 0")]
    [InlineData("grpc_server_started_total{grpc_type=\"unary\",grpc_service=\"etcdserverpb.KV\",grpc_method=\"Put\"} 1")]
    [InlineData("grpc_server_msg_received_total{grpc_type=\"unary\",grpc_service=\"etcdserverpb.KV\",grpc_method=\"Put\"} 1")]
    [InlineData("grpc_server_msg_sent_total{grpc_type=\"unary\",grpc_service=\"etcdserverpb.KV\",grpc_method=\"Put\"} 1")]
    [InlineData("grpc_server_handled_total{grpc_type=\"unary\",grpc_service=\"etcdserverpb.KV\",grpc_method=\"Put\",grpc_code=\"OK\"} 1")]
    [InlineData("grpc_server_handled_total{grpc_type=\"bidi_stream\",grpc_service=\"etcdserverpb.Watch\",grpc_method=\"Watch\",grpc_code=\"Unavailable\"} 0")]
    [InlineData("grpc_server_started_total{grpc_type=\"unary\",grpc_service=\"v3lockpb.Lock\",grpc_method=\"Lock\"} 0")]
    public async Task Series_have_etcds_names_and_are_there_from_the_start(string line)
    {
        await using var host = await ApiHost.StartAsync();
        await host.Client.PutAsync("a", "1");

        // The call is counted after its last byte is sent.
        await Eventually.ContainsAsync("\n" + line + "\n", () => host.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task The_process_is_described_in_prometheus_names()
    {
        await using var host = await ApiHost.StartAsync();

        var text = await host.Http.GetStringAsync("/metrics");

        foreach (var name in new[] { "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds", "process_max_fds", "process_start_time_seconds", "os_fd_used", "os_fd_limit" })
        {
            var value = double.Parse(Regex.Match(text, $@"\n{name} (\S+)\n").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(value > 0, name);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handling_times_are_extensive_metrics(bool extensive)
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { MetricsExtensive = extensive });
        await host.Client.PutAsync("a", "1");
        const string Count = "grpc_server_handling_seconds_count{grpc_type=\"unary\",grpc_service=\"etcdserverpb.KV\",grpc_method=\"Put\"} 1";

        if (extensive)
        {
            await Eventually.ContainsAsync(Count, () => host.Http.GetStringAsync("/metrics"));
        }
        else
        {
            Assert.DoesNotContain("grpc_server_handling_seconds", await host.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Unbounded_client_versions_do_not_grow_the_table()
    {
        var counters = new ClientRequestCounters();
        for (var i = 0; i < 1_000; i++)
        {
            counters.Count(isStream: false, $"v{i}");
        }

        var read = counters.Read().ToList();
        Assert.Equal(ClientRequestCounters.MaxVersions + 1, read.Count);
        Assert.Equal(1_000, read.Sum(r => r.Unary));
    }

    [GeneratedRegex(@"^(# (HELP|TYPE) \S+ .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_]+=""[^""]*""(,[a-zA-Z_]+=""[^""]*"")*\})? [-+0-9.eEInfNa]+)$")]
    private static partial Regex Line();
}
