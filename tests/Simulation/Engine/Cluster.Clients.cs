using Krewe.Simulation.Model;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Engine;

/// <content>Clients: they think, ask a node, wait for the answer and give up.</content>
internal sealed partial class Cluster
{
    private void Think(int client)
    {
        _clients[client].IsWaiting = false;
        _events.Schedule(Random.Between(1, Profile.ThinkUnits), new SimEvent(EventKind.Client, client, 0, 0));
    }

    private void StepClient(int at)
    {
        SimClient client = _clients[at];
        SimNode? node = Random.Chance(0.7) ? Leader : Nodes[Random.Below(Nodes.Count)];
        if (node is not { IsUp: true })
        {
            Think(at);
            return;
        }

        client.Operation ??= _workload.NextOperation(Random, at);
        IOperation operation = client.Operation;
        int number = ++client.Number;
        client.IsWaiting = true;
        operation.Invoked(++_stamp);
        bool begun = operation.Command is null ? node.TryRead(at, number, operation) : node.TryWrite(at, number, operation);
        if (begun)
        {
            client.Operation = null;
            node.Process();
            _events.Schedule((long)ClientTimeoutTicks * FaultProfile.TickUnits, new SimEvent(EventKind.ClientTimeout, at, number, 0));
        }
        else
        {
            operation.Invoked(long.MaxValue);
            Think(at);
        }
    }

    private void TimeOutClient(int at, int number)
    {
        if (_clients[at].Number == number && _clients[at].IsWaiting)
        {
            Think(at);
        }
    }
}
