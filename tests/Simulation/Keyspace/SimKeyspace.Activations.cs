using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Replication;
using Krewe.Simulation.Engine;

namespace Krewe.Simulation.Keyspace;

/// <content>The life of prefix grains' activations: registered, resigned, and what zombies do.</content>
internal sealed partial class SimKeyspace
{
    private const int MaxZombies = 4;

    private readonly Dictionary<int, SimActivation> _activations = [];
    private readonly List<SimActivation> _zombies = [];

    private bool IsActive(int position)
    {
        if (!_activations.TryGetValue(position, out SimActivation? activation))
        {
            Activate(position);
            return false;
        }

        return activation.IsActive;
    }

    /// <summary>Whether a grain that is asked to enlist finds that it is not the owner any more: then it resigns, and who asked as well.</summary>
    private bool HasStaleHelper(int home, PrefixOwner[] owners)
    {
        if (Has(SeededBug.EnlistWithoutLooking))
        {
            return false;
        }

        bool found = false;
        foreach ((int position, SimActivation helper) in _activations.ToArray())
        {
            bool isStale = helper.Owner.Term != _log.Term || !_pendingOwners.IsOwner(helper.Prefix, helper.Id);
            if (position != home && isStale && owners.Contains(helper.Owner))
            {
                Resign(position, helper);
                found = true;
            }
        }

        if (found)
        {
            _history.Counts.FencedWrites++;
            Resign(home, _activations[home]);
        }

        return found;
    }

    private void Activate(int position)
    {
        byte[] prefix = _prefixes.Map.Prefixes[position];
        var activation = new SimActivation(prefix, new Guid((int)Random.NextUInt64(), 0, 0, BitConverter.GetBytes(Random.NextUInt64())));
        var grain = new GrainKey("keyprefix"u8, System.Text.Encoding.UTF8.GetBytes(PrefixGrainKey.Format(prefix)));
        DirectoryEntry? present = _directory.Find(grain);
        var command = DirectoryCommand.Register(
            new DirectoryEntry(grain, activation.Id, _silo, 1, IsLeaderBound: true),
            present is null ? null : new ActivationAddress(grain, present.ActivationId, present.Silo),
            _log.Term);
        _activations[position] = activation;
        if (!TryAppendDirectory(command, outcome => Registered(position, activation, outcome)))
        {
            _activations.Remove(position);
        }
    }

    private void Registered(int position, SimActivation activation, EntryOutcome outcome)
    {
        _history.Counts.Registrations++;
        bool isOwner = outcome.Status == EntryStatus.Applied && outcome.ModuleResult is DirectoryEntry entry && entry.ActivationId == activation.Id;
        if (!isOwner || !_log.IsReadyLeader)
        {
            _activations.Remove(position);
            return;
        }

        activation.Activate(_log.Term);
        Flush();
    }

    private bool TryAppendDirectory(in DirectoryCommand command, Action<EntryOutcome> done)
    {
        _log.Last = null;
        ValueTask<object?> answer = _appender.AppendModuleCommandAsync(_log.Term, CommandKind.GrainDirectory, command.Encode());
        if (_log.Last is not { } entry)
        {
            _ = answer.AsTask().Exception;
            return false;
        }

        // Its outcome is taken from the entry: the answer comes on another thread.
        _ = answer.AsTask().ContinueWith(static t => t.Exception, TaskScheduler.Default);
        _history.Appended(entry, new AppendedBatch([], [], [], command));
        Trace(entry, $"{command.Kind} {command.Entry?.Grain} {command.Entry?.ActivationId}");
        _inFlight.Add(new InFlightEntry(entry.Applied, done));
        return true;
    }

    /// <summary>The activation is not used any more, but may go on executing.</summary>
    private void Resign(int position, SimActivation activation)
    {
        if (_activations.TryGetValue(position, out SimActivation? present) && present == activation)
        {
            _activations.Remove(position);
        }

        if (_zombies.Count == MaxZombies)
        {
            _zombies.RemoveAt(0);
        }

        _zombies.Add(activation);
    }

    /// <summary>Takes registrations away from activations that do not know, and lets zombies write.</summary>
    private void DoMischief()
    {
        if (_activations.Count > 0 && Random.Chance(0.02))
        {
            SimActivation victim = _activations.Values.ElementAt(Random.Below(_activations.Count));
            var grain = new GrainKey("keyprefix"u8, System.Text.Encoding.UTF8.GetBytes(PrefixGrainKey.Format(victim.Prefix)));
            TryAppendDirectory(
                Random.Chance(0.5) ? DirectoryCommand.Unregister([new ActivationAddress(grain, victim.Id, _silo)]) : DirectoryCommand.RemoveSilos([_silo]),
                static _ => { });
        }

        if (_zombies.Count > 0 && Random.Chance(0.1))
        {
            SimActivation zombie = _zombies[Random.Below(_zombies.Count)];
            byte[] key = [.. zombie.Prefix, (byte)'0'];
            var operation = new KeyspaceOperation
            {
                Kind = KeyspaceOperationKind.Write,
                Number = -1,
                Request = new PutRequest { Key = key, Value = KeyspaceLayout.Bytes("zombie") },
            };
            _history.Counts.ZombieWrites++;
            TryAppend([new QueuedWrite(-1, 0, operation)], [zombie.Owner], Has(SeededBug.SkipFence) ? _log.Term : zombie.Owner.Term, static () => { });
        }
    }
}
