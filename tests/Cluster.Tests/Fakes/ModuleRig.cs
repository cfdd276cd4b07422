using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>Both cluster modules on a store in memory, with a log that applies at once.</summary>
internal sealed class ModuleRig
{
    private readonly Lock _apply = new();
    private readonly Dictionary<CommandKind, IStateModule> _modules;

    public ModuleRig()
        : this(new MemoryStore())
    {
    }

    public ModuleRig(MemoryStore store)
    {
        Store = store;
        _modules = new IStateModule[] { new SiloMembershipModule(Silos, Directory), new GrainDirectoryModule(Directory, Silos) }
            .ToDictionary(module => module.Kind);
        foreach (IStateModule module in _modules.Values)
        {
            module.Load(store);
        }
    }

    public MemoryStore Store { get; }

    public SiloTable Silos { get; } = new();

    public DirectoryTable Directory { get; } = new();

    public ulong Term { get; private set; } = 1;

    public ulong Index { get; private set; }

    public SiloCommandResult Apply(SiloCommand command) => (SiloCommandResult)Apply(CommandKind.SiloMembership, command.Encode().Span)!;

    public DirectoryEntry? Apply(DirectoryCommand command) => (DirectoryEntry?)Apply(CommandKind.GrainDirectory, command.Encode().Span);

    public object? Apply(CommandKind kind, ReadOnlySpan<byte> payload)
    {
        lock (_apply)
        {
            using var batch = Store.CreateBatch();
            object? result = _modules[kind].Apply(payload, new ModuleContext(++Index, Term, batch));
            Store.Write(batch, Index);
            return result;
        }
    }

    public void BeginTerm()
    {
        lock (_apply)
        {
            using var batch = Store.CreateBatch();
            Term++;
            foreach (IStateModule module in _modules.Values)
            {
                module.BeginTerm(new ModuleContext(++Index, Term, batch));
            }

            Store.Write(batch, Index);
        }
    }

    /// <summary>Adds a silo with the status at the current table version.</summary>
    /// <summary>Adds a row. Orleans removes dead rows that are old: <paramref name="seen"/> is the last sign of life.</summary>
    public void AddSilo(string silo, SiloRowStatus status = SiloRowStatus.Active, ulong memberId = 0, DateTime seen = default)
    {
        var row = new SiloRow
        {
            Silo = silo,
            Status = status,
            MemberId = memberId,
            HostName = "h",
            SiloName = "n",
            AliveTimeTicks = seen.Ticks,
        };
        Assert.Equal(SiloCommandResult.Applied, Apply(SiloCommand.Insert(row, Silos.Current.Version)));
    }

    public void SetStatus(string silo, SiloRowStatus status)
    {
        SiloRow row = Silos.Current.Rows[silo];
        Assert.Equal(SiloCommandResult.Applied, Apply(SiloCommand.Update(row with { Status = status }, row.Etag, Silos.Current.Version)));
    }
}
