using Krewe.Grains.Replication;

namespace Krewe.Simulation.Keyspace;

/// <summary>An appended entry and what is to be done once its outcome is known.</summary>
internal sealed record InFlightEntry(Task<EntryOutcome> Applied, Action<EntryOutcome> Done);
