using System.Collections.Concurrent;
using Krewe.Api.Security;
using Microsoft.Extensions.Hosting;

namespace Krewe.Api.Services.Watch;

/// <summary>Has all watch streams judged anew when permissions change, so that watchers without events are cancelled too.</summary>
internal sealed class WatchPermissionSweep(AuthGuard guard) : BackgroundService
{
    private readonly ConcurrentDictionary<WatchPermissions, bool> _streams = new();

    public void Add(WatchPermissions stream) => _streams.TryAdd(stream, true);

    public void Remove(WatchPermissions stream) => _streams.TryRemove(stream, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var view = guard.View;
            foreach (var stream in _streams.Keys)
            {
                stream.Sweep();
            }

            await guard.Client.WaitForChangeAsync(view, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
