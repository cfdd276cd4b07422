using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Clustering;

/// <summary>
/// The Raft leader declares the silos of members Dead that it has not heard of for a while (design, section 4). It has to run before Orleans starts:
/// a joining silo waits for every live row, that of a member which was down from the beginning too.
/// </summary>
internal sealed partial class SiloEvictionService(
    SiloTable silos,
    SiloEvictor evictor,
    ILeadership leadership,
    TimeProvider time,
    SiloEvictionOptions options,
    ILogger<SiloEvictionService> logger,
    IPeerLiveness? liveness = null) : BackgroundService
{
    private ulong _ledTerm;
    private long _ledSince;
    private long _lastLook;

    /// <summary>One look at all members; at most one eviction of each is under way, because it is waited for.</summary>
    public async Task CheckAsync(CancellationToken stopping)
    {
        var stoodStill = time.GetElapsedTime(_lastLook) >= options.StandstillAfter;
        _lastLook = time.GetTimestamp();
        if (!leadership.IsReadyLeader)
        {
            _ledTerm = 0;
            return;
        }

        // Whoever stood still heard nobody, and perhaps leads no more without knowing.
        if (_ledTerm != leadership.Term || stoodStill)
        {
            _ledTerm = leadership.Term;
            _ledSince = time.GetTimestamp();
        }

        var members = silos.Current.Rows.Values
            .Where(row => row.Status != SiloRowStatus.Dead && row.MemberId != 0 && row.MemberId != leadership.MemberId)
            .Select(row => row.MemberId)
            .Distinct();
        foreach (var member in members.Where(IsSilent))
        {
            LogEvicting(member, options.SilentFor);
            await evictor.EvictAsync(member, stopping).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (liveness is null)
        {
            // A member without peer transport has nobody to listen to.
            return;
        }

        using var timer = new PeriodicTimer(options.CheckInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await CheckAsync(stoppingToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The next look tries again.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }
        }
    }

    /// <summary>A new leader, and one that stood still itself, gives every member the whole time: what it heard before says little.</summary>
    private bool IsSilent(ulong member)
    {
        var since = liveness!.TryGetLastHeard(member, out var heard) ? Math.Max(heard, _ledSince) : _ledSince;
        return time.GetElapsedTime(since) >= options.SilentFor;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "member {MemberId:x} was not heard of for {SilentFor}; its silo is declared dead")]
    private partial void LogEvicting(ulong memberId, TimeSpan silentFor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a silo could not be declared dead; trying again")]
    private partial void LogFailed(Exception exception);
}
