using Krewe.Simulation.Model;

namespace Krewe.Simulation.Nodes;

/// <summary>A read that waits for its barrier, then for the state to reach it.</summary>
internal sealed class PendingSimRead(int client, int number, IOperation operation)
{
    public int Client { get; } = client;

    public int Number { get; } = number;

    public IOperation Operation { get; } = operation;

    /// <summary>0 until the barrier is known.</summary>
    public ulong Index { get; set; }
}
