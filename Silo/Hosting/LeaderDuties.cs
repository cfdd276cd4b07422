using Krewe.Grains.Leases;
using Krewe.Grains.Maintenance;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>What the leader does unasked: expires leases, replicates their remaining times, and compacts. Every member runs it; only the leader finds work.</summary>
internal sealed class LeaderDuties(LeaseExpirer expirer, LeaseCheckpointer checkpointer, AutoCompactor compactor, CompactionDriver compaction) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        compaction.Wake();
        return Task.WhenAll(expirer.RunAsync(stoppingToken), checkpointer.RunAsync(stoppingToken), compactor.RunAsync(stoppingToken));
    }
}
