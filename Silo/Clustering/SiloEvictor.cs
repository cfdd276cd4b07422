using Krewe.Grains.Cluster.Silos;

namespace Krewe.Silo.Clustering;

/// <summary>
/// Declares the silo of an unreachable member Dead on Raft's clock, which is faster than Orleans' probes (design, section 4). The row is
/// changed by a command of its own: <c>IClusterMembershipService.TryKill</c> only queues the wish and says nothing of the outcome.
/// </summary>
public sealed class SiloEvictor
{
    private readonly SiloTable _silos;
    private readonly RaftProposals _proposals;

    internal SiloEvictor(SiloTable silos, RaftProposals proposals)
    {
        _silos = silos;
        _proposals = proposals;
    }

    /// <summary>For the Raft leader. True once the member's live silo is Dead in the applied table; false if it has none.</summary>
    public async Task<bool> EvictAsync(ulong memberId, CancellationToken cancellationToken)
    {
        SiloRow? row = _silos.Current.FindByMember(memberId);
        if (row is null)
        {
            return false;
        }

        await _proposals.ProposeAsync(SiloCommand.Evict(row.Silo), cancellationToken).ConfigureAwait(false);
        return true;
    }
}
