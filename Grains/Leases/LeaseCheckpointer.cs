using System.Runtime.InteropServices;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Leases;

/// <summary>
/// Replicates how much time long leases have left, so that a new leader does not start them anew, and has that forgotten when they are renewed
/// (behaviour 179). On the leader only.
/// </summary>
public sealed partial class LeaseCheckpointer(
    LeaseClocks clocks, TailAppender appender, IReplicatedLog log, TimeProvider time, ILogger<LeaseCheckpointer> logger)
{
    /// <summary>
    /// Held from reading the clocks until the entry has its place in the log: a checkpoint behind the entry that forgets it would shorten a lease
    /// that was renewed in between.
    /// </summary>
    private readonly Lock _gate = new();

    /// <summary>Runs until told to stop; ends at once if remaining times are not replicated.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (!clocks.TakesCheckpoints)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(LeaseLimits.ExpiryPassMilliseconds), time);
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
        {
            await PassAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Replicates what is due, up to the bound of a pass.</summary>
    public async Task PassAsync()
    {
        try
        {
            for (var entries = 0; entries < LeaseLimits.MaxCheckpointEntriesPerPass && AppendDue() is { } entry; entries++)
            {
                await appender.WaitAsync(entry).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is EtcdException or NotOwnerException)
        {
            // Another leader has clocks of its own; this one tries again after an interval.
            LogNotReplicated(e.Message);
        }
    }

    /// <summary>Has the log forget the remaining time of a lease; completes when that is committed. Fails as appending does.</summary>
    public async Task ForgetAsync(long id)
    {
        long checkpoint;
        AppendedEntry entry;
        lock (_gate)
        {
            checkpoint = clocks.CheckpointOf(id);
            if (checkpoint == 0)
            {
                return;
            }

            entry = appender.AppendNow(log.Term, default, id, static (batch, lease) => batch.CheckpointLeases([new LeaseCheckpoint(lease, 0)]));
        }

        await appender.WaitAsync(entry).ConfigureAwait(false);
        clocks.CheckpointForgotten(id, checkpoint);
    }

    private AppendedEntry? AppendDue()
    {
        lock (_gate)
        {
            // First the term: what the clocks of an earlier one said must not get into a later one.
            var term = log.Term;
            var due = clocks.TakeCheckpoints(LeaseLimits.MaxCheckpointsPerEntry);
            return due.Count == 0
                ? null
                : appender.AppendNow(term, default, due, static (batch, times) =>
                {
                    // The time may be that of an earlier lease with the same ID.
                    times.RemoveAll(time => batch.IsLeasePending(time.Id));
                    batch.CheckpointLeases(CollectionsMarshal.AsSpan(times));
                });
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "remaining times of leases could not be replicated: {Reason}")]
    private partial void LogNotReplicated(string reason);
}
