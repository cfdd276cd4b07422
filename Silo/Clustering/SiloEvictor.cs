using Krewe.Grains.Cluster.Silos;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>Declares the silo of an unreachable member Dead on Raft's clock, which is faster than Orleans' probes (design, section 4).</summary>
public sealed class SiloEvictor
{
    private readonly SiloTable _silos;
    private readonly IServiceProvider _services;

    public SiloEvictor(SiloTable silos, IServiceProvider services)
    {
        _silos = silos;
        _services = services;
    }

    /// <summary>For the Raft leader. True if a live silo of the member was declared Dead; false if it had none or the table could not be changed.</summary>
    public async Task<bool> EvictAsync(ulong memberId)
    {
        SiloRow? row = _silos.Current.FindByMember(memberId);
        return row is not null
            && await _services.GetRequiredService<IClusterMembershipService>().TryKill(SiloAddress.FromParsableString(row.Silo)).ConfigureAwait(false);
    }
}
