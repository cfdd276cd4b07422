using Krewe.Simulation.Checks;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Model;

/// <summary>Clients that put, swap and get a few registers; every written value is unique.</summary>
internal sealed class KvWorkload(int keys, int clients) : IWorkload
{
    private readonly List<KvOperation> _history = [];
    private readonly ulong[] _lastSeen = new ulong[keys * clients];
    private readonly KvOperation?[] _current = new KvOperation?[clients];
    private ulong _nextValue;

    public IReadOnlyList<KvOperation> History => _history;

    public IStateMachine CreateStateMachine() => new KvStateMachine(keys);

    public IOperation NextOperation(SimRandom random, int client)
    {
        Learn(client);
        int key = random.Below(keys);
        KvKind kind = random.Pick(KvKind.Put, KvKind.CompareAndSwap, KvKind.Get, KvKind.Get);
        var operation = new KvOperation
        {
            Kind = kind,
            Key = key,
            Client = client,
            Value = kind == KvKind.Get ? 0 : ++_nextValue,
            Expected = kind == KvKind.CompareAndSwap ? _lastSeen[(client * keys) + key] : 0,
        };
        _history.Add(operation);
        _current[client] = operation;
        return operation;
    }

    public void CheckHistory()
    {
        for (int key = 0; key < keys; key++)
        {
            int wanted = key;
            List<KvOperation> operations = _history.FindAll(o => o.Key == wanted && o.WasInvoked && !o.HasFailed);
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
            _lastSeen[(client * keys) + done.Key] = done.Kind == KvKind.Get ? done.Result : done.Value;
        }
    }
}
