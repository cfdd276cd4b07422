namespace Krewe.Silo.Clustering;

/// <summary>When a leader gives the silo of a member up.</summary>
/// <param name="SilentFor">How long nothing came from the member. Its silo has to join anew afterwards, so not at the first missed heartbeats.</param>
/// <param name="CheckInterval">Pause between two looks.</param>
/// <param name="StandstillAfter">A longer pause between two looks means that this process stood still.</param>
internal sealed record SiloEvictionOptions(TimeSpan SilentFor, TimeSpan CheckInterval, TimeSpan StandstillAfter)
{
    private const int SilentForElectionTimeouts = 3;
    private const int ChecksPerElectionTimeout = 4;

    public static SiloEvictionOptions For(TimeSpan electionTimeout) =>
        new(electionTimeout * SilentForElectionTimeouts, electionTimeout / ChecksPerElectionTimeout, electionTimeout);
}
