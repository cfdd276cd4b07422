using Krewe.Raft.Core;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Engine;

/// <content>Answers of the leader to members that forwarded a write: they name the entry's place, which is committed.</content>
internal sealed partial class Cluster
{
    /// <summary>Which part of the entries other members asked for.</summary>
    private const double ForwardedShare = 0.25;

    void INodeHost.Answer(SimNode leader, ulong index, ulong term)
    {
        int source = (int)leader.Id - 1;
        int target = Random.Below(Nodes.Count);
        if (Random.Chance(ForwardedShare) && target != source && !Network.IsCut(source, target) && !Random.Chance(Profile.Loss))
        {
            Schedule(EventKind.CommitKnown, target, new Message { From = leader.Id, To = Nodes[target].Id, Index = index, LogTerm = term });
        }
    }

    private void HandleAnswer(SimEvent item)
    {
        Message answer = Network.Take(item.Slot);
        SimNode node = Nodes[item.Target];
        if (node.IsUp)
        {
            _trace?.WriteLine($"{_events.Now} {answer.From}->{answer.To} answers: {answer.Index} of term {answer.LogTerm} is committed");
            node.ObserveCommitted(answer.Index, answer.LogTerm);
        }
    }

    private void Schedule(EventKind kind, int target, in Message message)
    {
        long delay = Random.Chance(Profile.Late)
            ? Random.Between(Profile.LatencyMin, Profile.LateMax)
            : Random.Between(Profile.LatencyMin, Profile.LatencyMax);
        _events.Schedule(delay, new SimEvent(kind, target, 0, Network.Store(message)));
    }
}
