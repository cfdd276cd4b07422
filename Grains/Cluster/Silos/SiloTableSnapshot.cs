using System.Collections.Immutable;

namespace Krewe.Grains.Cluster.Silos;

/// <summary>The silo membership table as of one applied entry; immutable.</summary>
/// <param name="Version">Grows with every change but signs of life, by one unless a silo is evicted; 0 for a table never used.</param>
/// <param name="Rows">Rows by silo address.</param>
public sealed record SiloTableSnapshot(long Version, ImmutableSortedDictionary<string, SiloRow> Rows)
{
    public static SiloTableSnapshot Empty { get; } = new(0, ImmutableSortedDictionary.Create<string, SiloRow>(StringComparer.Ordinal));

    /// <summary>
    /// Whether the silo may own grains: it has a row that is not Dead. A table that was never used (its application has another
    /// membership provider) admits everybody. A missing row means Dead and cleaned up, not new: a silo has its row before it has grains.
    /// </summary>
    public bool Admits(string silo) => Version == 0 || (Rows.TryGetValue(silo, out SiloRow? row) && row.Status != SiloRowStatus.Dead);

    /// <summary>The live silo of a member: the active row, or else one that is joining; null if there is none.</summary>
    public SiloRow? FindByMember(ulong memberId)
    {
        SiloRow? best = null;
        foreach (SiloRow row in Rows.Values)
        {
            bool lives = row.Status is SiloRowStatus.Active or SiloRowStatus.Joining or SiloRowStatus.Created;
            if (lives && row.MemberId == memberId && (best is null || Rank(row).CompareTo(Rank(best)) > 0))
            {
                best = row;
            }
        }

        return best;
    }

    private static (int Status, long Start) Rank(SiloRow row) => (row.Status == SiloRowStatus.Active ? 1 : 0, row.StartTimeTicks);
}
