using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Modules;

/// <summary>Where a command stands, and the batch that its changes go into.</summary>
/// <param name="Index">Log index of the entry.</param>
/// <param name="Term">Term of the entry.</param>
/// <param name="Batch">Changes to the store; written atomically with the applied index.</param>
public readonly record struct ModuleContext(ulong Index, ulong Term, IStoreBatch Batch);
