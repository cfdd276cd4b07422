using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>Stops a member that was removed from its cluster (behaviour 251).</summary>
internal sealed partial class RemovalService(
    MemberState state, IMembersChanged members, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RemovalService> logger)
    : IHostedService, IDisposable
{
    /// <summary>The others still want to hear from this member that the change is committed.</summary>
    public static readonly TimeSpan StopDelay = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        members.Changed += Consider;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        members.Changed -= Consider;
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>On the apply thread; also for a member that learns from others that it was removed long ago.</summary>
    private void Consider(IReadOnlyList<Member> now)
    {
        if (_timer is null && members.IsRemoved(state.Identity.MemberId))
        {
            LogRemoved();
            LogData();
            _timer = time.CreateTimer(
                static service => ((RemovalService)service!).Stop(), this, StopDelay, Timeout.InfiniteTimeSpan);
        }
    }

    private void Stop() => lifetime.StopApplication();

    [LoggerMessage(Level = LogLevel.Warning, Message = "server error: the member has been permanently removed from the cluster")]
    private partial void LogRemoved();

    [LoggerMessage(Level = LogLevel.Warning, Message = "data-dir used by this member must be removed")]
    private partial void LogData();
}
