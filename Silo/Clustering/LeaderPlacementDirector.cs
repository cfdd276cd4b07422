using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Krewe.Silo.Clustering;

/// <summary>Finds the silo of the Raft leader: membership rows carry the ID of the member that runs the silo.</summary>
internal sealed class LeaderPlacementDirector : IPlacementDirector
{
    private readonly ILeadership _leadership;
    private readonly LeaderWait _leaderWait;
    private readonly SiloTable _silos;

    public LeaderPlacementDirector(ILeadership leadership, LeaderWait leaderWait, SiloTable silos)
    {
        _leadership = leadership;
        _leaderWait = leaderWait;
        _silos = silos;
    }

    /// <summary>Throws <see cref="EtcdException"/> with <see cref="EtcdError.NoLeader"/> if no live silo leads within the time limit.</summary>
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress? silo = null;
        await _leaderWait.UntilAsync(() => (silo = Find(target, context)) is not null, CancellationToken.None).ConfigureAwait(true);
        return silo ?? throw new EtcdException(EtcdError.NoLeader);
    }

    private SiloAddress? Find(PlacementTarget target, IPlacementContext context)
    {
        ulong leader = _leadership.LeaderId;
        if (leader == 0)
        {
            return null;
        }

        SiloRow? row = leader == _leadership.MemberId ? null : _silos.Current.FindByMember(leader);
        SiloAddress? silo = leader == _leadership.MemberId ? context.LocalSilo : row is null ? null : SiloAddress.FromParsableString(row.Silo);
        return silo is not null && context.GetCompatibleSilos(target).Contains(silo) ? silo : null;
    }
}
