namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>What the log's tail says about a lease.</summary>
/// <param name="Exists">Granted, or revoked.</param>
/// <param name="Index">Log index of the entry; <see cref="Overlay.Uncommitted"/> until it is appended.</param>
internal readonly record struct PendingLease(bool Exists, ulong Index);
