using Krewe.Api.Hosting;
using Krewe.Grains.Interfaces.Cluster;
using Microsoft.Extensions.Hosting;

namespace Krewe.Api.Grpc;

/// <summary>
/// Ends streams that require a leader after this member knew none for three election timeouts in a row (behaviour 156): reconnecting
/// streams is dear, so a short election must not do it.
/// </summary>
internal sealed class LeaderMonitor(IMemberStatus status, ApiOptions options, TimeProvider time) : IHostedService, IDisposable
{
    private const int MaxLeaderlessTicks = 3;

    private CancellationTokenSource _loss = new();
    private ITimer? _timer;
    private int _leaderlessTicks;

    /// <summary>Fires at the next loss of leadership.</summary>
    public CancellationToken LossToken => Volatile.Read(ref _loss).Token;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static state => ((LeaderMonitor)state!).Tick(), this, options.ElectionTimeout, options.ElectionTimeout);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        _leaderlessTicks = status.LeaderId == 0 ? _leaderlessTicks + 1 : 0;
        if (_leaderlessTicks < MaxLeaderlessTicks)
        {
            return;
        }

        _leaderlessTicks = 0;
        Interlocked.Exchange(ref _loss, new CancellationTokenSource()).Cancel();
    }
}
