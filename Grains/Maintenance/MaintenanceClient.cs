using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Maintenance;

/// <summary>Maintenance of this member's store, and alarms by way of the leader.</summary>
public sealed class MaintenanceClient(
    KeyspaceState state, IKeyspaceStore store, QuotaGuard quota, IReplicatedLog log, IGrainFactory grains, LeaderCalls calls) : IMaintenanceClient
{
    public ValueTask<StorageStatus> StatusAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new StorageStatus(store.SizeBytes, store.SizeInUseBytes, quota.QuotaBytes, state.Alarms.Active));

    /// <summary>Reads the whole store, so off the caller's thread.</summary>
    public async ValueTask<uint> HashAsync(CancellationToken cancellationToken) =>
        await Task.Run(state.Hash, cancellationToken).ConfigureAwait(false);

    public async ValueTask<KeyspaceHash> HashKvAsync(long revision, CancellationToken cancellationToken)
    {
        await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
        var (error, hash) = await Task.Run(() => (state.HashKv(revision, out var computed), computed), cancellationToken).ConfigureAwait(false);
        return error == EtcdError.None ? hash : throw new EtcdException(error);
    }

    public ValueTask DefragmentAsync(CancellationToken cancellationToken)
    {
        store.RequestCompaction();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Alarm>> ListAlarmsAsync(AlarmType type, CancellationToken cancellationToken) =>
        ValueTask.FromResult(state.Alarms.OfType(type));

    public ValueTask<IReadOnlyList<Alarm>> ActivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        alarm.Type == AlarmType.None ? ValueTask.FromResult<IReadOnlyList<Alarm>>([]) : RaiseAsync(alarm);

    public async ValueTask<IReadOnlyList<Alarm>> DeactivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        await calls.CommitAsync((grains, alarm), static call => Grain(call.grains).DeactivateAlarmAsync(call.alarm)).ConfigureAwait(false) ? [alarm] : [];

    private async ValueTask<IReadOnlyList<Alarm>> RaiseAsync(Alarm alarm)
    {
        await calls.CommitAsync((grains, alarm), static call => Grain(call.grains).ActivateAlarmAsync(call.alarm)).ConfigureAwait(false);
        return [alarm];
    }

    /// <summary>For each call: the silo behind the factory may be another one by the next.</summary>
    private static IMaintenanceGrain Grain(IGrainFactory grains) => grains.GetGrain<IMaintenanceGrain>(0);
}
