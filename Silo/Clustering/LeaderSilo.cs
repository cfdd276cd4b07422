using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>The silo of the Raft leader as this member knows both, kept so that asking costs nothing per call.</summary>
internal sealed class LeaderSilo
{
    private readonly ILeadership _leadership;
    private readonly SiloTable _silos;
    private Known _known = new(0, -1, null);

    public LeaderSilo(ILeadership leadership, SiloTable silos)
    {
        _leadership = leadership;
        _silos = silos;
    }

    private sealed record Known(ulong LeaderId, long TableVersion, SiloAddress? Silo);

    /// <summary>Null if there is no leader or no live silo of its own.</summary>
    public SiloAddress? Current
    {
        get
        {
            var leader = _leadership.LeaderId;
            var table = _silos.Current;
            var known = Volatile.Read(ref _known);
            if (known.LeaderId != leader || known.TableVersion != table.Version)
            {
                var row = leader == 0 ? null : table.FindByMember(leader);
                known = new Known(leader, table.Version, row is null ? null : SiloAddress.FromParsableString(row.Silo));
                Volatile.Write(ref _known, known);
            }

            return known.Silo;
        }
    }

    /// <summary>
    /// Whether a leader-placed grain can be where the directory says. A member hears of a new leader before it applies the entry that voids the
    /// registrations with the old one, whose silo may be stopped: calls there would wait in vain. Where the silo table is not in use, the
    /// directory is all there is.
    /// </summary>
    public bool MayHost(SiloAddress? silo) => _silos.Current.Version == 0 || (silo is not null && silo.Equals(Current));
}
