namespace Krewe.Silo.Configuration.Flags;

/// <summary>A flag of an older etcd that 3.7 no longer knows (behaviour 366).</summary>
/// <param name="Name">The name without dashes in front.</param>
/// <param name="Hint">What to use instead, or why nothing replaces it; a sentence without a full stop.</param>
internal sealed record RemovedFlag(string Name, string Hint);
