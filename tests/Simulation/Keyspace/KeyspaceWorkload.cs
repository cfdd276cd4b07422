using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Prefixes;
using Krewe.Raft.Core;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Model;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Keyspace;

/// <summary>Clients of the keyspace: every kind of request, tried again exactly when it certainly had no effect, and watchers.</summary>
internal sealed class KeyspaceWorkload : IWorkload
{
    /// <summary>As the product's LeaderCall has it.</summary>
    private const int MaxTries = 20;

    private const int Watchers = 3;

    private readonly SeededBug _bug;
    private readonly FaultProfile _profile;
    private readonly KeyspaceOperation?[] _current;
    private readonly OperationSource _source;
    private KeyspaceHistory _history = new(0);
    private int _firstAfterFaults;

    public KeyspaceWorkload(FaultProfile profile, SeededBug bug)
    {
        _profile = profile;
        _bug = bug;
        _source = new OperationSource(profile.LeaseHeavy, profile.SpanningOnly);
        _current = new KeyspaceOperation?[profile.Clients];
    }

    /// <summary>A write of a client that was begun since the faults ended was answered.</summary>
    public bool HasRecovered
    {
        get
        {
            for (int i = _firstAfterFaults; i < _history.Operations.Count; i++)
            {
                if (_history.Operations[i] is { IsComplete: true, Kind: KeyspaceOperationKind.Write })
                {
                    return true;
                }
            }

            return false;
        }
    }

    public KeyspaceCounts Counts => _history.Counts;

    public object InitialSnapshot(ulong index, ulong term)
    {
        _history = new KeyspaceHistory(index);
        for (int i = 0; i < Watchers; i++)
        {
            _history.Watchers.Add(i == 0 ? new SimWatcher([0], [0]) : new SimWatcher(KeyspaceLayout.Keys[i], KeyspaceLayout.Keys[i + 3]));
        }

        var store = new MemoryKeyspaceStore();
        using var state = new Krewe.Grains.Keyspace.KeyspaceState(KeyspaceLayout.Options, modules: [new PrefixMapModule()]);
        state.Load(store);
        var writer = new CommandWriter();
        writer.Begin([], null);
        writer.Module(CommandKind.PrefixMap, PrefixMapModule.Encode(KeyspaceLayout.Prefixes));
        Entry[] entries = [new Entry(index, term, EntryKind.Normal, writer.ToArray())];
        state.Apply(entries, new Krewe.Grains.Keyspace.ApplyResult[1]);
        return store;
    }

    public IStateMachine CreateStateMachine(SimNode node)
    {
        var keyspace = new SimKeyspace(node, _history);
        return keyspace;
    }

    public IOperation NextOperation(SimRandom random, int client)
    {
        if (_current[client] is { IsComplete: false } last && last.Tries < MaxTries && (last.HasFailed || _bug == SeededBug.RetryUnknownOutcomes))
        {
            _history.Counts.Retries++;
            return last;
        }

        if (_current[client] is { IsComplete: true } done)
        {
            _source.Learn(done);
        }

        KeyspaceOperation next = _source.Next(random, client, _history.Operations.Count);
        _history.Operations.Add(next);
        _current[client] = next;
        return next;
    }

    public void FaultsEnded() => _firstAfterFaults = _history.Operations.Count;

    public void CheckHistory() => Checks.KeyspaceChecker.Check(_history, _profile);
}
