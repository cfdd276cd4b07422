using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;

namespace Krewe.Simulation.Checks;

/// <summary>The directory of prefix grains in log order, as plainly as can be: who owns a prefix may write it, nobody else.</summary>
internal sealed class FenceModel
{
    private readonly Dictionary<string, (Guid Activation, string Silo)> _owners = [];

    public void BeginTerm() => _owners.Clear();

    public void Apply(in DirectoryCommand command, ulong term)
    {
        foreach (string silo in command.Silos)
        {
            Remove(owner => owner.Silo == silo);
        }

        foreach (ActivationAddress address in command.Activations)
        {
            Remove(owner => owner.Activation == address.ActivationId);
        }

        if (command.Entry is { } wanted && command.Term == term)
        {
            string grain = wanted.Grain.ToString();
            if (!_owners.TryGetValue(grain, out (Guid Activation, string Silo) present) || command.Previous?.ActivationId == present.Activation)
            {
                _owners[grain] = (wanted.ActivationId, wanted.Silo);
            }
        }
    }

    public void CheckWriters(in CommittedEntry entry, AppendedBatch batch)
    {
        foreach (PrefixOwner writer in batch.Writers)
        {
            string grain = $"{PrefixGrainKey.GrainType}/{PrefixGrainKey.Format(writer.Prefix.Span)}";
            if (writer.Term != entry.Term || !_owners.TryGetValue(grain, out (Guid Activation, string Silo) owner) || owner.Activation != writer.ActivationId)
            {
                throw new SimulationException($"fence: {writer.ActivationId} of term {writer.Term} does not own {grain} and wrote entry {entry}");
            }
        }
    }

    private void Remove(Predicate<(Guid Activation, string Silo)> condition)
    {
        foreach ((string grain, (Guid Activation, string Silo) owner) in _owners.ToArray())
        {
            if (condition(owner))
            {
                _owners.Remove(grain);
            }
        }
    }
}
