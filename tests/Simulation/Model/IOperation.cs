namespace Krewe.Simulation.Model;

/// <summary>An operation of a client, with its life: invoked, then completed, or certainly not done, or never heard of again.</summary>
internal interface IOperation
{
    /// <summary>The command to replicate; null for a read.</summary>
    byte[]? Command { get; }

    /// <summary>Whether a read is content with whatever state a node has.</summary>
    bool IsSerializable => false;

    /// <summary>Answers a read from local state.</summary>
    object? Read(IStateMachine state);

    void Invoked(long step);

    void Completed(long step, object? result);

    /// <summary>It has certainly no effect.</summary>
    void Failed();
}
