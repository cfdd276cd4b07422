using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>The silo's host starts and stops when the member says so; signals to the process are the member's.</summary>
internal sealed class SiloHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
