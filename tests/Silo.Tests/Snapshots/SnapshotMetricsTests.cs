using System.Text;
using Prometheus;

namespace Krewe.Silo.Tests.Snapshots;

public sealed class SnapshotMetricsTests
{
    [Fact]
    public async Task A_transfer_is_counted_for_the_member_that_it_comes_from_and_so_is_one_that_breaks_off()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        await using var rig = new TransferRig();
        rig.Metrics.Register(Prometheus.Metrics.WithCustomRegistry(registry));
        await Assert.ThrowsAsync<IOException>(() => rig.TransferAsync(stream => new FaultyStream(stream, 20_000, flips: false)));
        var broken = await TextAsync(registry);
        Assert.Contains("etcd_network_snapshot_receive_failures{From=\"1\"} 1\n", broken, StringComparison.Ordinal);
        Assert.DoesNotContain("etcd_network_snapshot_receive_success{", broken, StringComparison.Ordinal);
        Assert.Contains("etcd_network_snapshot_receive_inflights_total{From=\"1\"} 0\n", broken, StringComparison.Ordinal);

        await rig.TransferAsync();

        var text = await TextAsync(registry);
        Assert.Contains("etcd_network_snapshot_receive_success{From=\"1\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("etcd_network_snapshot_receive_failures{From=\"1\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("etcd_network_snapshot_receive_inflights_total{From=\"1\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("etcd_network_snapshot_receive_total_duration_seconds_count{From=\"1\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("etcd_snap_db_save_total_duration_seconds_count 1\n", text, StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(CollectorRegistry registry)
    {
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
