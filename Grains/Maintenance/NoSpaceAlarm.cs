using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Replication;
using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Maintenance;

/// <summary>Raises this member's NOSPACE alarm when its quota is exceeded (behaviour 266); one attempt is under way at a time.</summary>
public sealed partial class NoSpaceAlarm(
    KeyspaceState state, ILeadership leadership, IGrainFactory grains, LeaderCalls calls, ILogger<NoSpaceAlarm> logger)
{
    private bool _isBeingRaised;

    public void Raise()
    {
        var alarm = new Alarm(leadership.MemberId, AlarmType.NoSpace);
        if (!state.Alarms.Active.Contains(alarm) && !Interlocked.Exchange(ref _isBeingRaised, true))
        {
            _ = RaiseAsync(alarm);
        }
    }

    private async Task RaiseAsync(Alarm alarm)
    {
        try
        {
            await calls.CallAsync(
                (grains, alarm), static call => call.grains.GetGrain<IMaintenanceGrain>(0).ActivateAlarmAsync(call.alarm)).ConfigureAwait(false);
            LogRaised();
        }
#pragma warning disable CA1031 // The next request over the quota tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotRaised(e);
        }
        finally
        {
            Volatile.Write(ref _isBeingRaised, false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the store's quota is exceeded; NOSPACE alarm raised")]
    private partial void LogRaised();

    [LoggerMessage(Level = LogLevel.Warning, Message = "the store's quota is exceeded, but the NOSPACE alarm could not be raised")]
    private partial void LogNotRaised(Exception e);
}
