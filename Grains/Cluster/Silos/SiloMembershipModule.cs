using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Cluster.Silos;

/// <summary>
/// Applies commands on the silo membership table. A row that goes Dead, or goes away, takes its silo's grain directory entries with
/// it in the same apply, so no reader ever sees a grain owned by a silo that the table calls Dead (design, section 4).
/// </summary>
public sealed class SiloMembershipModule : IStateModule
{
    private static readonly object Applied = SiloCommandResult.Applied;
    /// <summary>
    /// A silo that stops without a quorum tells the others of its stop under the version that its row would have got. Its eviction must be newer than
    /// that, or they would not look at it.
    /// </summary>
    private const int GoodbyeVersions = 1;

    private static readonly object VersionConflict = SiloCommandResult.VersionConflict;
    private static readonly object RowConflict = SiloCommandResult.RowConflict;

    private readonly SiloTable _silos;
    private readonly DirectoryTable _directory;

    public SiloMembershipModule(SiloTable silos, DirectoryTable directory)
    {
        _silos = silos;
        _directory = directory;
    }

    public CommandKind Kind => CommandKind.SiloMembership;

    public void Load(IKeyspaceStore store) => _silos.Load(store);

    public void BeginTerm(in ModuleContext context)
    {
    }

    public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context)
    {
        SiloCommand command = SiloCommand.Decode(payload);
        return command.Kind switch
        {
            SiloCommandKind.Insert => Insert(command, context.Batch),
            SiloCommandKind.Update => Update(command, context.Batch),
            SiloCommandKind.Alive => Alive(command, context.Batch),
            SiloCommandKind.Cleanup => Remove(row => row.Status != SiloRowStatus.Active && row.LastSeenTicks < command.TimeTicks, context.Batch),
            SiloCommandKind.Clear => Remove(static _ => true, context.Batch),
            SiloCommandKind.SupersedeMember => Kill(row => row.MemberId == command.MemberId && row.Silo != command.Silo, context.Batch),
            SiloCommandKind.Evict => Kill(row => row.Silo == command.Silo, context.Batch, GoodbyeVersions),
            _ => throw new InvalidDataException($"Unknown silo membership command {(byte)command.Kind}."),
        };
    }

    private object Insert(in SiloCommand command, IStoreBatch batch)
    {
        SiloTableSnapshot table = _silos.Current;
        if (table.Version != command.ExpectedVersion)
        {
            return VersionConflict;
        }

        return table.Rows.ContainsKey(command.Row!.Silo) ? RowConflict : Put(command.Row, batch);
    }

    private object Update(in SiloCommand command, IStoreBatch batch)
    {
        SiloTableSnapshot table = _silos.Current;
        SiloRow row = command.Row!;
        if (table.Version != command.ExpectedVersion)
        {
            return VersionConflict;
        }

        bool matches = table.Rows.TryGetValue(row.Silo, out SiloRow? old) && old.Etag == command.ExpectedEtag;
        bool revives = old is { Status: SiloRowStatus.Dead } && row.Status != SiloRowStatus.Dead;
        if (!matches || revives)
        {
            return RowConflict;
        }

        return Put(row.MemberId == 0 ? row with { MemberId = old!.MemberId } : row, batch);
    }

    private object Put(SiloRow row, IStoreBatch batch)
    {
        _silos.Change([row], [], batch);
        if (row.Status == SiloRowStatus.Dead)
        {
            _directory.RemoveSilo(row.Silo, batch);
        }

        return Applied;
    }

    private object Alive(in SiloCommand command, IStoreBatch batch)
    {
        if (_silos.Current.Rows.TryGetValue(command.Silo!, out SiloRow? row))
        {
            _silos.Touch(row with { AliveTimeTicks = command.TimeTicks }, batch);
        }

        return Applied;
    }

    private object Remove(Predicate<SiloRow> condition, IStoreBatch batch)
    {
        var removed = new List<string>();
        foreach (SiloRow row in _silos.Current.Rows.Values)
        {
            if (condition(row))
            {
                removed.Add(row.Silo);
            }
        }

        return removed.Count == 0 ? Applied : Commit([], removed, removed, batch);
    }

    private object Kill(Predicate<SiloRow> condition, IStoreBatch batch, int skippedVersions = 0)
    {
        var dead = new List<SiloRow>();
        var names = new List<string>();
        foreach (SiloRow row in _silos.Current.Rows.Values)
        {
            if (row.Status != SiloRowStatus.Dead && condition(row))
            {
                dead.Add(row with { Status = SiloRowStatus.Dead });
                names.Add(row.Silo);
            }
        }

        return dead.Count == 0 ? Applied : Commit(dead, [], names, batch, skippedVersions);
    }

    private object Commit(List<SiloRow> put, List<string> removed, List<string> gone, IStoreBatch batch, int skippedVersions = 0)
    {
        _silos.Change(put, removed, batch, skippedVersions);
        foreach (string silo in gone)
        {
            _directory.RemoveSilo(silo, batch);
        }

        return Applied;
    }
}
