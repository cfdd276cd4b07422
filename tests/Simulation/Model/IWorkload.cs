using Krewe.Simulation.Engine;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Model;

/// <summary>A state machine, operations on it, and what must be true of their history.</summary>
internal interface IWorkload
{
    /// <summary>The state that the cluster begins with, as a snapshot.</summary>
    object InitialSnapshot(ulong index, ulong term);

    /// <summary>What runs on a node, from its start to its next crash.</summary>
    IStateMachine CreateStateMachine(SimNode node);

    /// <summary>The next operation of a client.</summary>
    IOperation NextOperation(SimRandom random, int client);

    /// <summary>Nothing goes wrong from here on.</summary>
    void FaultsEnded();

    /// <summary>Whether clients get on again since then.</summary>
    bool HasRecovered { get; }

    /// <summary>Throws <see cref="SimulationException"/> if the history is not linearizable.</summary>
    void CheckHistory();
}
