using Krewe.Raft.Core;

namespace Krewe.Simulation.Model;

/// <summary>A replicated state machine under simulation. Deterministic.</summary>
internal interface IStateMachine
{
    /// <summary>Whether entries that come together are applied together, and not one by one.</summary>
    bool AppliesGroups { get; }

    /// <summary>Applies committed entries in order, those without a command too, and answers one result an entry.</summary>
    void Apply(ReadOnlySpan<Entry> entries, Span<object?> results);

    /// <summary>A copy of the state that later commands don't change.</summary>
    object TakeSnapshot();

    void Restore(object snapshot);

    /// <summary>Fingerprint of the state: equal on all nodes at the same index.</summary>
    ulong Fingerprint { get; }
}
