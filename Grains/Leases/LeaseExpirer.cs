using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Leases;
using Microsoft.Extensions.Logging;

namespace Krewe.Grains.Leases;

/// <summary>Revokes the leases that ran out, twice a second, at a bounded rate (behaviours 164, 165, 168). On the leader only.</summary>
public sealed partial class LeaseExpirer(LeaseClocks clocks, IGrainFactory grains, TimeProvider time, ILogger<LeaseExpirer> logger)
{
    /// <summary>How long a revoke is waited for; the silo that it went through may be gone, and the others must not wait for it.</summary>
    private static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(10);

    private long _expired;

    /// <summary>Leases expired by this member.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>Runs until told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(LeaseLimits.ExpiryPassMilliseconds), time);
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
        {
            var expired = clocks.TakeExpired(LeaseLimits.MaxRevokesPerPass);
            if (expired.Count > 0)
            {
                await Task.WhenAll(expired.Select(RevokeAsync)).ConfigureAwait(false);
            }
        }
    }

    private async Task RevokeAsync(long id)
    {
        try
        {
            await grains.GetGrain<ILeaseGrain>(0).RevokeAsync(id).AsTask().WaitAsync(RevokeTimeout, time).ConfigureAwait(false);
            Interlocked.Increment(ref _expired);
        }
        catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
        {
            // A client revoked it at the same moment.
            clocks.Remove(id);
        }
#pragma warning disable CA1031 // Whatever it was, the lease must be tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotRevoked(id, e);
            clocks.ReturnExpired(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "lease {LeaseId} ran out but could not be revoked; trying again")]
    private partial void LogNotRevoked(long leaseId, Exception e);
}
