using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>All is well.</summary>
internal sealed class FakeHealth : IHealthProbe
{
    public ValueTask<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken cancellationToken) => new([]);

    public ValueTask<EtcdError> ReadAsync(bool serializable, CancellationToken cancellationToken) => new(EtcdError.None);
}
