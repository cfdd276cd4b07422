namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>A version that the current batch added.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Position">Its place among the key's versions.</param>
/// <param name="KeyOffset">Where the key is in the entry.</param>
/// <param name="ValueOffset">Where the value is in the entry; -1 for a deletion.</param>
internal readonly record struct OverlayChange(PendingKey Key, int Position, int KeyOffset, int ValueOffset);
