using System.Runtime.InteropServices;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Keyspace.Leases;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;

namespace Krewe.Simulation.Keyspace;

/// <content>What <c>LeaseCheckpointer</c> does: replicates remaining times, and has them forgotten when a lease is renewed.</content>
internal sealed partial class SimKeyspace
{
    private const int MaxCheckpointsPerEntry = 4;

    /// <summary>Short, because simulated leases live for seconds.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(1);

    private void CheckpointLeases()
    {
        if (_ticks % ExpiryPassTicks != 0)
        {
            return;
        }

        List<LeaseCheckpoint> due = _clocks.TakeCheckpoints(MaxCheckpointsPerEntry);
        if (due.Count > 0 && TryAppendCheckpoints(_log.Term, due, static _ => { }))
        {
            _history.Counts.Checkpoints += due.Count;
        }
    }

    /// <summary>The renewal is confirmed once the log has forgotten the remaining time.</summary>
    private bool TryForgetCheckpoint(QueuedWrite write, ulong term)
    {
        long id = write.Operation.LeaseId;
        long checkpoint = _clocks.CheckpointOf(id);
        return TryAppendCheckpoints(term, [new LeaseCheckpoint(id, 0)], outcome =>
        {
            if (outcome.Status != EntryStatus.Applied)
            {
                Fail(write);
                return;
            }

            _history.Counts.CheckpointsForgotten++;
            _clocks.CheckpointForgotten(id, checkpoint);
            if (!_node.TryRead(write.Client, write.Number, write.Operation))
            {
                Fail(write);
            }
        });
    }

    private bool TryAppendCheckpoints(ulong term, List<LeaseCheckpoint> times, Action<EntryOutcome> done)
    {
        AppendedEntry entry;
        try
        {
            entry = _appender.AppendNow(term, default, times, static (batch, times) =>
            {
                // The time may be that of an earlier lease with the same ID.
                times.RemoveAll(time => time.RemainingSeconds > 0 && batch.IsLeasePending(time.Id));
                batch.CheckpointLeases(CollectionsMarshal.AsSpan(times));
            });
        }
        catch (Exception e) when (e is EtcdException or NotOwnerException)
        {
            return false;
        }

        _history.Appended(entry, new AppendedBatch([], [], [], null));
        _inFlight.Add(new InFlightEntry(entry.Applied, done));
        return true;
    }
}
