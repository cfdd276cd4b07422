using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Engine;

/// <content>The end of the faults, and what must be well some time after it.</content>
internal sealed partial class Cluster
{
    private void EndFaults()
    {
        _faultsEnded = true;
        _workload.FaultsEnded();
        _deadline = _events.Now + ((long)RecoveryTicks * FaultProfile.TickUnits);
        Network.HealAll();
        Profile = Profile with { Loss = 0, Duplicate = 0, Late = 0, DiskStall = 0, LatencyMax = 200, DiskMax = 100, ApplyMax = 0 };
        foreach (SimNode node in Nodes)
        {
            HandleRestart(node);
        }
    }

    /// <summary>Whether there is a leader that commits in its own term and whose members all have the same state.</summary>
    private bool HasRecovered()
    {
        if (Leader is not { } leader || leader.Core!.CommitIndex != leader.Core.LastIndex || leader.Core.LastTerm != leader.Core.Term
            || leader.Core.ConfState.AutoLeave || !_workload.HasRecovered)
        {
            return false;
        }

        foreach (SimNode node in Nodes)
        {
            if (leader.Core.ConfState.IsMember(node.Id) && node.Applied != leader.Core.LastIndex)
            {
                return false;
            }
        }

        return CheckEqualStates(leader);
    }

    private bool CheckEqualStates(SimNode leader)
    {
        foreach (SimNode node in Nodes)
        {
            if (leader.Core!.ConfState.IsMember(node.Id) && node.State.Fingerprint != leader.State.Fingerprint)
            {
                throw new SimulationException($"nodes {leader.Id} and {node.Id} applied the same entries and have different states");
            }
        }

        return true;
    }
}
