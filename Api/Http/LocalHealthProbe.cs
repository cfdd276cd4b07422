using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Api.Http;

/// <summary>The health of this member.</summary>
internal sealed class LocalHealthProbe(IKeyspaceClient keyspace, IMaintenanceClient maintenance) : IHealthProbe
{
    private static readonly ReadOnlyMemory<byte> ProbeKey = "health"u8.ToArray();

    public ValueTask<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken cancellationToken) => maintenance.ListAlarmsAsync(AlarmType.None, cancellationToken);

    public async ValueTask<EtcdError> ReadAsync(bool serializable, CancellationToken cancellationToken)
    {
        try
        {
            await keyspace.RangeAsync(new RangeRequest { Key = ProbeKey, Limit = 1, KeysOnly = true, Serializable = serializable }, cancellationToken);
            return EtcdError.None;
        }
        catch (EtcdException e)
        {
            return e.Error;
        }
    }
}
