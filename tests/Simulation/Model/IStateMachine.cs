namespace Krewe.Simulation.Model;

/// <summary>A replicated state machine under simulation. Deterministic.</summary>
internal interface IStateMachine
{
    /// <summary>Applies a committed command and returns its result.</summary>
    object? Apply(ulong index, ReadOnlyMemory<byte> command);

    /// <summary>A copy of the state that later commands don't change.</summary>
    object TakeSnapshot();

    void Restore(object snapshot);

    /// <summary>Fingerprint of the state: equal on all nodes at the same index.</summary>
    ulong Fingerprint { get; }
}
