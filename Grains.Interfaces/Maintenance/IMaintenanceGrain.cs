using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Replication;
using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>
/// The leader's side of compaction and alarms: one grain (key 0) on the Raft leader's silo. Failures arrive as
/// <see cref="Errors.EtcdException"/>.
/// </summary>
[Alias("krewe.IMaintenanceGrain")]
public interface IMaintenanceGrain : IGrainWithIntegerKey
{
    /// <summary>Compacts logically at the revision (behaviours 97-101).</summary>
    [AlwaysInterleave]
    [Alias("Compact")]
    ValueTask<Committed<CompactResult>> CompactAsync(long revision);

    /// <summary>Raises the alarm; repeating is harmless (behaviour 262). Always true.</summary>
    [AlwaysInterleave]
    [Alias("ActivateAlarm")]
    ValueTask<Committed<bool>> ActivateAlarmAsync(Alarm alarm);

    /// <summary>Removes the alarm; false if it was not raised (behaviour 263).</summary>
    [AlwaysInterleave]
    [Alias("DeactivateAlarm")]
    ValueTask<Committed<bool>> DeactivateAlarmAsync(Alarm alarm);
}
