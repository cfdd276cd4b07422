using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Checks;

/// <summary>
/// A lease that a client was told to be alive is not revoked for its age before its time is over, by the clock of the leader that revokes it.
/// </summary>
internal static class LeaseChecker
{
    /// <summary>Clocks count whole milliseconds.</summary>
    private const int SlackUnits = FaultProfile.TickUnits / 10;

    public static void Check(IReadOnlyList<LeaseSign> signs, FaultProfile profile)
    {
        foreach (LeaseSign end in signs.Where(s => s.Expiry is { Commits: > 0 }))
        {
            foreach (LeaseSign life in signs.Where(s => s.Expiry is null && s.LeaseId == end.LeaseId && s.From <= end.From))
            {
                long least = SimClock.Units(life.TtlSeconds * 1000, end.TickPeriod) - SlackUnits;
                if (end.From - life.From < least)
                {
                    throw new SimulationException(
                        $"lease {end.LeaseId} of {life.TtlSeconds} s lived at {life.From} and ran out at {end.From}, "
                        + $"{least - (end.From - life.From)} too early, skew {profile.SkewPermille}");
                }
            }
        }
    }
}
