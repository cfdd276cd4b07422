using System.Collections.Concurrent;
using Krewe.Api.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Services.Watch;

/// <summary>Has all watch streams judged anew when permissions change, so that watchers without events are cancelled too.</summary>
internal sealed partial class WatchPermissionSweep(AuthGuard guard, ILogger<WatchPermissionSweep> logger) : BackgroundService
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
                Sweep(stream);
            }

            await guard.Client.WaitForChangeAsync(view, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Sweep(WatchPermissions stream)
    {
        try
        {
            stream.Sweep();
        }
#pragma warning disable CA1031 // One stream's failure must neither keep others from being judged nor end the member. Its events are judged as they come.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailure(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "could not judge the watchers of a stream by new permissions")]
    private partial void LogFailure(Exception exception);
}
