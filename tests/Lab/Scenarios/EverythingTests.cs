using Krewe.Lab.Clients;
using Krewe.Lab.Engine;
using Krewe.Lab.Faults;

namespace Krewe.Lab.Scenarios;

/// <summary>
/// Faults of many kinds in the order that the seed draws, with healing in between, in windows that are judged one after the other.
/// KREWE_LAB_LONG_SECONDS says for how long.
/// </summary>
[Collection(nameof(EverythingTests))]
[CollectionDefinition(nameof(EverythingTests), DisableParallelization = true)]
public sealed class EverythingTests
{
    private const int LeaseClients = 3;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ServerKind.Krewe, 3)]
    [InlineData(ServerKind.Krewe, 5)]
    [InlineData(ServerKind.Etcd, 3)]
    [InlineData(ServerKind.Etcd, 5)]
    public async Task Faults_of_all_kinds_one_after_the_other(ServerKind kind, int size)
    {
        LabSettings.Require(kind, byDefault: false);
        Console.WriteLine($"seed {LabSettings.Seed}: everything, {size} members of {kind}");
        await using var network = await LabNetwork.CreateAsync(size);
        await using var cluster = await ClusterUnderTest.StartAsync(kind, [.. network.Addresses.Select(a => a with { HasOwnClock = true })], "--snapshot-count=1000", "--snapshot-catchup-entries=500");
        var report = new LongReport();
        LeaseClient[] leases = [.. Enumerable.Range(0, LeaseClients).Select(i => new LeaseClient(i, (LabSettings.Seed % 100_000) + i, () => cluster.Members))];
        using var leasesEnd = new CancellationTokenSource();
        var holding = Task.WhenAll(leases.Select(l => l.RunAsync(leasesEnd.Token)));
        try
        {
            await RunWindowsAsync(cluster, network, report);
        }
        finally
        {
            await leasesEnd.CancelAsync();
            await holding;
            report.Print(leases.Sum(l => l.Renewals));
        }

        Assert.Empty(leases.SelectMany(l => l.Violations));
        Assert.True(leases.Sum(l => l.Renewals) > 0, "no lease was renewed: nothing was tested");
        await Task.WhenAll(leases.Select(l => l.RequireExpiredAsync()));
    }

    private static async Task RunWindowsAsync(ClusterUnderTest cluster, LabNetwork network, LongReport report)
    {
        using var end = new CancellationTokenSource(LabSettings.LongDuration);
        var window = new LabWindow(0, 2, []);
        do
        {
            var faults = new FaultDraw(cluster, network, window.First - 1, report);
            var outcome = await LabRun.CheckAsync(cluster, window, Window, (random, windowEnd) =>
                Pace.RepeatAsync(random, pause => faults.InjectAsync(random, pause), windowEnd));
            report.Add(outcome);
            window = window.Next(outcome);
        }
        while (!end.IsCancellationRequested);
    }
}
