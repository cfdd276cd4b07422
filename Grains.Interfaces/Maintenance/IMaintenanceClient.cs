namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>Maintenance as <c>Api</c> sees it (behaviours 258-288). Failures arrive as <see cref="Errors.EtcdException"/>.</summary>
public interface IMaintenanceClient
{
    ValueTask<StorageStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>Hash of everything stored on this member (behaviour 275).</summary>
    ValueTask<uint> HashAsync(CancellationToken cancellationToken);

    /// <summary>Hash of the key history up to <paramref name="revision"/>, 0 for the current one (behaviours 276-278).</summary>
    ValueTask<KeyspaceHash> HashKvAsync(long revision, CancellationToken cancellationToken);

    /// <summary>Asks for a compaction of the store's files and returns at once: there is no pause (design, section 8).</summary>
    ValueTask DefragmentAsync(CancellationToken cancellationToken);

    /// <summary>Alarms of one type, or of all types for <see cref="AlarmType.None"/> (behaviour 261).</summary>
    ValueTask<IReadOnlyList<Alarm>> ListAlarmsAsync(AlarmType type, CancellationToken cancellationToken);

    /// <summary>Raises an alarm; answers it, or nothing for <see cref="AlarmType.None"/> (behaviour 262).</summary>
    ValueTask<IReadOnlyList<Alarm>> ActivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken);

    /// <summary>Removes an alarm; answers the removed one or nothing (behaviour 263).</summary>
    ValueTask<IReadOnlyList<Alarm>> DeactivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken);
}
