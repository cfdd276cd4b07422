using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>
/// A leader that is told to stop hands its leadership over first (behaviour 349): otherwise the others would find out by an election timeout. This
/// comes before streams end and the server closes, so what clients ask of this member meanwhile goes to the new leader.
/// </summary>
internal sealed partial class LeadershipHandOver(
    IReplicatedLog log,
    IConfigurationLog configuration,
    SiloTable silos,
    HandOverOptions options,
    TimeProvider time,
    ILogger<LeadershipHandOver> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (log.LeaderId != log.MemberId)
        {
            return;
        }

        var started = time.GetTimestamp();
        foreach (var candidate in Candidates().Take(options.MaxAttempts))
        {
            if (configuration.TransferLeadership(candidate) is not (TransferResult.Started or TransferResult.InProgress))
            {
                break;
            }

            if (await IsHandedOverAsync(cancellationToken).ConfigureAwait(false))
            {
                LogHandedOver(log.LeaderId, time.GetElapsedTime(started));
                return;
            }
        }

        if (log.LeaderId == log.MemberId && configuration.Progress().Any(other => other.Id != log.MemberId && !other.IsLearner))
        {
            LogKept(time.GetElapsedTime(started));
        }
    }

    /// <summary>
    /// Voters that answer, those first that have a silo which can take the grains, then by how much of the log they have. None for a
    /// cluster of one.
    /// </summary>
    private IEnumerable<ulong> Candidates() => configuration.Progress()
        .Where(other => other.Id != log.MemberId && !other.IsLearner && other.RecentActive)
        .OrderByDescending(other => silos.Current.FindByMember(other.Id) is { Status: SiloRowStatus.Active })
        .ThenByDescending(other => other.Match)
        .Select(other => other.Id);

    /// <summary>Waits until another member leads; the core gives an attempt up by itself after an election timeout.</summary>
    private async Task<bool> IsHandedOverAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AttemptTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (!both.IsCancellationRequested)
        {
            var change = log.WaitForChangeAsync(both.Token);
            if (log.LeaderId != 0 && log.LeaderId != log.MemberId)
            {
                return true;
            }

            await change.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "handed leadership over to {MemberId:x} in {Elapsed}")]
    private partial void LogHandedOver(ulong memberId, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "leadership could not be handed over within {Elapsed}; the others will elect a leader")]
    private partial void LogKept(TimeSpan elapsed);
}
