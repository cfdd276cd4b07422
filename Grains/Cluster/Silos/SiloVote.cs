namespace Krewe.Grains.Cluster.Silos;

/// <summary>A silo's vote that another one is dead.</summary>
/// <param name="Silo">The voter's address in parsable form.</param>
/// <param name="TimeTicks">When, in UTC ticks of 100 ns.</param>
public readonly record struct SiloVote(string Silo, long TimeTicks);
