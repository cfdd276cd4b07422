using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Keyspace.Modules;

/// <summary>
/// A part of the replicated state besides the keys: silo membership, the grain directory, cluster members. Applied on every
/// member in log order by one thread; deterministic. Readers on other threads see immutable snapshots that Apply publishes.
/// </summary>
public interface IStateModule
{
    CommandKind Kind { get; }

    /// <summary>Rebuilds the state from the store; called once before the first <see cref="Apply"/>, and after a snapshot.</summary>
    void Load(IKeyspaceStore store);

    /// <summary>Applies one command; the result reaches the proposer on the member that proposed it, and nobody else.</summary>
    object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context);

    /// <summary>The first entry of a new term: leader-bound state ends here (design, section 4).</summary>
    void BeginTerm(in ModuleContext context);
}
