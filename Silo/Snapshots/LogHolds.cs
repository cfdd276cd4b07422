using Krewe.Raft.Core;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// Which part of the log members need that get snapshots: from their snapshot's index on until they follow the log again. Otherwise a
/// member whose snapshot takes longer than the log is kept would need another one for ever. Bounded by number of entries and by time, so that
/// no slow member keeps the log for long.
/// </summary>
internal sealed class LogHolds(
    CheckpointSource checkpoints, Func<IReadOnlyList<ProgressStatus>> progress, ulong catchUpEntries, SnapshotLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (ulong Index, long Since)> _catchingUp = [];

    /// <summary>The member has got the snapshot at the index and now needs the log behind it.</summary>
    public void CatchUp(ulong memberId, ulong index)
    {
        lock (_gate)
        {
            _catchingUp[memberId] = (index, time.GetTimestamp());
        }
    }

    /// <summary>Entries after this index should stay; <see cref="ulong.MaxValue"/> if none has to.</summary>
    /// <param name="lastIndex">Last index of the log.</param>
    public ulong LowestNeeded(ulong lastIndex)
    {
        var lowest = Math.Min(checkpoints.LowestIndex, LowestCatchingUp(lastIndex));
        return lowest < lastIndex && lastIndex - lowest > limits.MaxHeldEntries ? ulong.MaxValue : lowest;
    }

    private ulong LowestCatchingUp(ulong lastIndex)
    {
        lock (_gate)
        {
            if (_catchingUp.Count == 0)
            {
                return ulong.MaxValue;
            }

            var lowest = ulong.MaxValue;
            var members = progress();
            foreach (var (id, (index, since)) in _catchingUp.ToArray())
            {
                var status = members.FirstOrDefault(m => m.Id == id);
                if (status.Id != id || status.Match + catchUpEntries >= lastIndex || time.GetElapsedTime(since) >= limits.CatchUpTime)
                {
                    _catchingUp.Remove(id);
                }
                else
                {
                    lowest = Math.Min(lowest, Math.Max(index, status.Match));
                }
            }

            return lowest;
        }
    }
}
