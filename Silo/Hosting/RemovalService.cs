using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Silo.Peers;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>
/// Stops a member that was removed from its cluster (behaviour 251). It hears of it from its own log, or, if it was down when it was removed and nobody
/// sends it the log any more, from the others' refusal to talk to it.
/// </summary>
internal sealed partial class RemovalService(
    IPeerBook book, IMembersChanged members, IPeerRefusals peers, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<RemovalService> logger)
    : IHostedService, IDisposable
{
    /// <summary>The others still want to hear from this member that the change is committed.</summary>
    public static readonly TimeSpan StopDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        members.Changed += Consider;
        peers.Refused += Consider;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        members.Changed -= Consider;
        peers.Refused -= Consider;
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>On the apply thread.</summary>
    private void Consider(IReadOnlyList<Member> now)
    {
        if (members.IsRemoved(book.MemberId))
        {
            StopSoon(StopDelay);
        }
    }

    /// <summary>Nobody wants to hear from this member any more.</summary>
    private void Consider(PeerRefusal refusal)
    {
        if (refusal == PeerRefusal.RemovedMember)
        {
            StopSoon(TimeSpan.Zero);
        }
    }

    private void StopSoon(TimeSpan delay)
    {
        lock (_gate)
        {
            if (_timer is not null)
            {
                return;
            }

            _timer = time.CreateTimer(static service => ((RemovalService)service!).Stop(), this, delay, Timeout.InfiniteTimeSpan);
        }

        LogRemoved();
        LogData();
    }

    private void Stop() => lifetime.StopApplication();

    [LoggerMessage(Level = LogLevel.Warning, Message = "server error: the member has been permanently removed from the cluster")]
    private partial void LogRemoved();

    [LoggerMessage(Level = LogLevel.Warning, Message = "data-dir used by this member must be removed")]
    private partial void LogData();
}
