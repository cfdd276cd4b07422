using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Api.Tests.Fakes;

internal sealed class FakeMaintenance(FakeStatus status) : IMaintenanceClient
{
    public List<Alarm> Alarms { get; } = [];

    public int Defragmentations { get; private set; }

    public ValueTask<StorageStatus> StatusAsync(CancellationToken cancellationToken) => new(new StorageStatus(4096, 1024, 2147483648, Alarms));

    public ValueTask<uint> HashAsync(CancellationToken cancellationToken) => new(0xFEEDu);

    public ValueTask<KeyspaceHash> HashKvAsync(long revision, CancellationToken cancellationToken) =>
        new(new KeyspaceHash(0xBEEF, -1, revision, status.Revision));

    public ValueTask DefragmentAsync(CancellationToken cancellationToken)
    {
        Defragmentations++;
        return default;
    }

    public ValueTask<IReadOnlyList<Alarm>> ListAlarmsAsync(AlarmType type, CancellationToken cancellationToken) =>
        new([.. Alarms.Where(a => type == AlarmType.None || a.Type == type)]);

    public ValueTask<IReadOnlyList<Alarm>> ActivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        Alarms.Add(alarm);
        return new([alarm]);
    }

    public ValueTask<IReadOnlyList<Alarm>> DeactivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        new(Alarms.Remove(alarm) ? [alarm] : []);
}
