using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Maintenance;

/// <summary>Compacts by age or by number of revisions (behaviours 107-109). Only the leader's does anything.</summary>
public sealed partial class AutoCompactor(
    AutoCompactionOptions options,
    KeyspaceState state,
    ILeadership leadership,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<AutoCompactor> logger)
{
    /// <summary>Revision mode looks this often.</summary>
    public static readonly TimeSpan RevisionModeInterval = TimeSpan.FromMinutes(5);

    private const int SamplesPerPeriod = 10;

    /// <summary>The silo that a call went through may be gone; the next sample must not wait for it.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MaxCompactionInterval = TimeSpan.FromHours(1);

    /// <summary>Runs until told to stop; returns at once if both modes are off.</summary>
    public Task RunAsync(CancellationToken stopping)
    {
        if (options.Revisions is > 0)
        {
            return RunByRevisionAsync(options.Revisions.Value, stopping);
        }

        return options.Period is { } period && period > TimeSpan.Zero ? RunByPeriodAsync(period, stopping) : Task.CompletedTask;
    }

    private async Task RunByRevisionAsync(long keep, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(RevisionModeInterval, time);
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
        {
            await CompactAsync(state.Revision - keep).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Samples the revision ten times a period, at most every six minutes; once a period has passed it compacts to the revision of
    /// one period ago, once a period but at most hourly.
    /// </summary>
    private async Task RunByPeriodAsync(TimeSpan period, CancellationToken stopping)
    {
        var compactionInterval = period < MaxCompactionInterval ? period : MaxCompactionInterval;
        var sampleInterval = compactionInterval / SamplesPerPeriod;
        var samplesKept = (int)(period / sampleInterval);
        var samples = new Queue<long>();
        var sinceCompaction = SamplesPerPeriod;
        using var timer = new PeriodicTimer(sampleInterval, time);
        do
        {
            samples.Enqueue(state.Revision);
            sinceCompaction++;
            if (samples.Count > samplesKept)
            {
                var periodAgo = samples.Dequeue();
                if (sinceCompaction >= SamplesPerPeriod && await CompactAsync(periodAgo).ConfigureAwait(false))
                {
                    sinceCompaction = 0;
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
    }

    /// <summary>False if nothing was compacted: the next sample tries again, so a new leader does not wait for a whole period.</summary>
    private async Task<bool> CompactAsync(long revision)
    {
        if (!leadership.IsReadyLeader || revision <= state.CompactRevision || revision <= 0)
        {
            return false;
        }

        try
        {
            await grains.GetGrain<IMaintenanceGrain>(0).CompactAsync(revision).AsTask().WaitAsync(AnswerTimeout, time).ConfigureAwait(false);
            LogCompacted(revision);
            return true;
        }
        catch (EtcdException e) when (e.Error == EtcdError.Compacted)
        {
            return true;
        }
#pragma warning disable CA1031 // The next sample tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(revision, e);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "compacted automatically at revision {Revision}")]
    private partial void LogCompacted(long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "automatic compaction at revision {Revision} failed")]
    private partial void LogFailed(long revision, Exception e);
}
