using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Model;

/// <summary>A state machine, operations on it, and what must be true of their history.</summary>
internal interface IWorkload
{
    IStateMachine CreateStateMachine();

    /// <summary>The next operation of a client.</summary>
    IOperation NextOperation(SimRandom random, int client);

    /// <summary>Throws <see cref="SimulationException"/> if the history is not linearizable.</summary>
    void CheckHistory();
}
