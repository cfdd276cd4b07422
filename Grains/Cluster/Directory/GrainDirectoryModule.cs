using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>
/// Applies commands on the grain directory. <see cref="Apply"/> answers a Register with the <see cref="DirectoryEntry"/> that
/// holds afterwards, its own or another's, or null if it was refused; other commands with null.
/// </summary>
public sealed class GrainDirectoryModule : IStateModule
{
    private readonly DirectoryTable _directory;
    private readonly SiloTable _silos;

    public GrainDirectoryModule(DirectoryTable directory, SiloTable silos)
    {
        _directory = directory;
        _silos = silos;
    }

    public CommandKind Kind => CommandKind.GrainDirectory;

    public void Load(IKeyspaceStore store) => _directory.Load(store);

    /// <summary>Leader-bound registrations end with their term; the new leader's silo registers its own.</summary>
    public void BeginTerm(in ModuleContext context) => _directory.RemoveWhere(static entry => entry.IsLeaderBound, context.Batch);

    public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context)
    {
        DirectoryCommand command = DirectoryCommand.Decode(payload);
        switch (command.Kind)
        {
            case DirectoryCommandKind.Register:
                return Register(command, context);
            case DirectoryCommandKind.Unregister:
                Unregister(command, context.Batch);
                return null;
            case DirectoryCommandKind.RemoveSilos:
                RemoveSilos(command, context.Batch);
                return null;
            default:
                throw new InvalidDataException($"Unknown grain directory command {(byte)command.Kind}.");
        }
    }

    private DirectoryEntry? Register(in DirectoryCommand command, in ModuleContext context)
    {
        DirectoryEntry wanted = command.Entry!;
        DirectoryEntry? existing = _directory.Find(wanted.Grain);
        switch (DirectoryRules.Register(existing, command, _silos.Current.Admits(wanted.Silo), context.Term))
        {
            case RegisterOutcome.Registered:
                _directory.Set(wanted, context.Batch);
                return wanted;
            case RegisterOutcome.Kept:
                return existing;
            default:
                return null;
        }
    }

    private void Unregister(in DirectoryCommand command, IStoreBatch batch)
    {
        foreach (ActivationAddress address in command.Activations)
        {
            DirectoryEntry? existing = _directory.Find(address.Grain);
            if (DirectoryRules.Unregisters(existing, address))
            {
                _directory.Remove(existing!, batch);
            }
        }
    }

    private void RemoveSilos(in DirectoryCommand command, IStoreBatch batch)
    {
        SiloTableSnapshot silos = _silos.Current;
        foreach (string silo in command.Silos)
        {
            // A survivor that lags must not purge a silo that lives; where the table is not in use its word is all there is.
            if (silos.Version == 0 || !silos.Admits(silo))
            {
                _directory.RemoveSilo(silo, batch);
            }
        }
    }
}
