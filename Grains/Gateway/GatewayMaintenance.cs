using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Grains.Gateway;

/// <summary>Maintenance of whichever member a gateway is connected to.</summary>
public sealed class GatewayMaintenance(MemberCalls calls) : IMaintenanceClient
{
    public ValueTask<StorageStatus> StatusAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.StorageAsync(cancellationToken), cancellationToken);

    public ValueTask<uint> HashAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.HashAsync(cancellationToken), cancellationToken);

    public ValueTask<KeyspaceHash> HashKvAsync(long revision, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.HashKvAsync(revision, cancellationToken), cancellationToken);

    public async ValueTask DefragmentAsync(CancellationToken cancellationToken) =>
        await calls.AskAsync(member => member.DefragmentAsync(cancellationToken), cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<Alarm>> ListAlarmsAsync(AlarmType type, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.AlarmsAsync(type, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<Alarm>> ActivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.ActivateAlarmAsync(alarm, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<Alarm>> DeactivateAlarmAsync(Alarm alarm, CancellationToken cancellationToken) =>
        calls.DoAsync(member => member.DeactivateAlarmAsync(alarm, cancellationToken), cancellationToken);
}
