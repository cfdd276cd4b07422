using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Maintenance;

namespace Krewe.Grains.Gateway;

/// <summary>A gateway is as healthy as the member that it is connected to.</summary>
public sealed class GatewayHealthProbe(MemberCalls calls) : IHealthProbe
{
    public ValueTask<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(member => member.AlarmsAsync(cancellationToken), cancellationToken);

    public async ValueTask<EtcdError> ReadAsync(bool serializable, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.AskAsync(member => member.ProbeAsync(serializable, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException e)
        {
            return e.Error;
        }
    }
}
