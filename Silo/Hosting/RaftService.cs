using Krewe.Silo.Replication;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Runs Raft for longer than the silo: registered before Orleans, so it is up before the silo starts and down after it stopped (design,
/// section 4).
/// </summary>
internal sealed class RaftService(RaftNode node) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        node.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        node.Dispose();
        return Task.CompletedTask;
    }
}
