using Krewe.Simulation.Checks;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Model;

/// <summary>Clients that put, swap and get a few registers; every written value is unique.</summary>
internal sealed class RegisterWorkload(int keys, int clients) : IWorkload
{
    private readonly List<RegisterOperation> _history = [];
    private readonly ulong[] _lastSeen = new ulong[keys * clients];
    private readonly RegisterOperation?[] _current = new RegisterOperation?[clients];
    private ulong _nextValue;

    public IReadOnlyList<RegisterOperation> History => _history;

    public object InitialSnapshot(ulong index, ulong term) => new RegisterStateMachine(keys).TakeSnapshot();

    public IStateMachine CreateStateMachine(SimNode node) => new RegisterStateMachine(keys);

    public IOperation NextOperation(SimRandom random, int client)
    {
        Learn(client);
        int key = random.Below(keys);
        RegisterKind kind = random.Pick(RegisterKind.Put, RegisterKind.CompareAndSwap, RegisterKind.Get, RegisterKind.Get);
        var operation = new RegisterOperation
        {
            Kind = kind,
            Key = key,
            Client = client,
            Value = kind == RegisterKind.Get ? 0 : ++_nextValue,
            Expected = kind == RegisterKind.CompareAndSwap ? _lastSeen[(client * keys) + key] : 0,
        };
        _history.Add(operation);
        _current[client] = operation;
        return operation;
    }

    public bool HasRecovered => true;

    public void FaultsEnded()
    {
        // A leader that commits in its own term is recovery enough.
    }

    public void CheckHistory()
    {
        for (int key = 0; key < keys; key++)
        {
            int wanted = key;
            List<RegisterOperation> operations = _history.FindAll(o => o.Key == wanted && o.WasInvoked && !o.HasFailed);
            if (!RegisterChecker.IsLinearizable(operations))
            {
                throw new SimulationException(
                    $"the history of key {key} is not linearizable:\n" + string.Join('\n', operations.OrderBy(o => o.InvokedAt)));
            }
        }
    }

    private void Learn(int client)
    {
        if (_current[client] is { IsComplete: true } done)
        {
            _lastSeen[(client * keys) + done.Key] = done.Kind == RegisterKind.Get ? done.Result : done.Value;
        }
    }
}
