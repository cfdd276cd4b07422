namespace Krewe.Grains.Replication;

/// <summary>An entry in the leader's log that may or may not commit.</summary>
/// <param name="Index">Where it stands.</param>
/// <param name="Term">The term it was appended in.</param>
/// <param name="Applied">
/// Completes when the index was applied on this member: with what apply said of the entry, or with
/// <see cref="EntryStatus.Lost"/> or <see cref="EntryStatus.Undecided"/> if another entry took its place.
/// </param>
public readonly record struct AppendedEntry(ulong Index, ulong Term, Task<EntryOutcome> Applied);
