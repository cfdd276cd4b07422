using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Interfaces.Maintenance;

/// <summary>What the health paths ask, of this member or of one that stands for the cluster (behaviours 304-307).</summary>
public interface IHealthProbe
{
    /// <summary>All alarms that are raised.</summary>
    ValueTask<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken cancellationToken);

    /// <summary>Reads one key; the failure, or None.</summary>
    ValueTask<EtcdError> ReadAsync(bool serializable, CancellationToken cancellationToken);
}
