using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>
/// Owners of prefixes as of the tail of the leader's log: applied state with the appended, not yet applied, directory and
/// membership commands on top. The leader asks it when it appends a write, so a write behind a change of owner never gets into
/// the log. Appends and the check of a write must be ordered by the caller (whoever assigns log positions holds a lock anyway).
/// </summary>
/// <remarks>
/// Exact for directory commands. A membership command that would make a silo Dead counts as if it succeeded: if its
/// compare-and-swap fails when it is applied, a writer was refused for nothing and registers again, which is safe.
/// </remarks>
public sealed class PendingOwners : ITailOwnership
{
    /// <summary>A change to one prefix's owner, in log order; a null owner removes.</summary>
    private readonly record struct Change(ulong Index, byte[] Prefix, DirectoryEntry? Owner);

    /// <summary>A silo that loses its registrations, and may not register again if <paramref name="IsBarred"/>.</summary>
    private readonly record struct DeadSilo(ulong Index, string Silo, bool IsBarred);

    private readonly Lock _lock = new();
    private readonly DirectoryTable _directory;
    private readonly SiloTable _silos;
    private readonly List<Change> _changes = [];
    private readonly List<DeadSilo> _dead = [];
    private volatile int _pending;

    public PendingOwners(DirectoryTable directory, SiloTable silos)
    {
        _directory = directory;
        _silos = silos;
    }

    public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId)
    {
        if (_pending == 0)
        {
            return _directory.IsOwner(prefix, activationId);
        }

        lock (_lock)
        {
            return Find(prefix)?.ActivationId == activationId;
        }
    }

    /// <summary>Call when the leader has appended a command of any module, before anything after it is checked.</summary>
    public void Appended(ulong index, ulong term, CommandKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case CommandKind.GrainDirectory:
                Directory(index, term, DirectoryCommand.Decode(payload));
                break;
            case CommandKind.SiloMembership:
                Membership(index, SiloCommand.Decode(payload));
                break;
        }
    }

    /// <summary>Call when everything up to the index is applied: the tables speak for it from here on.</summary>
    public void Applied(ulong index)
    {
        if (_pending == 0)
        {
            return;
        }

        lock (_lock)
        {
            _changes.RemoveAll(change => change.Index <= index);
            _dead.RemoveAll(dead => dead.Index <= index);
            _pending = _changes.Count + _dead.Count;
        }
    }

    /// <summary>Call when the term changes: what was not committed may be gone.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _changes.Clear();
            _dead.Clear();
            _pending = 0;
        }
    }

    private void Directory(ulong index, ulong term, in DirectoryCommand command)
    {
        lock (_lock)
        {
            switch (command.Kind)
            {
                case DirectoryCommandKind.Register when PrefixGrainKey.TryGetPrefix(command.Entry!.Grain, out byte[] prefix):
                    bool admitted = _silos.Current.Admits(command.Entry.Silo) && !IsBarred(command.Entry.Silo);
                    if (DirectoryRules.Register(Find(prefix), command, admitted, term) == RegisterOutcome.Registered)
                    {
                        _changes.Add(new Change(index, prefix, command.Entry));
                    }

                    break;
                case DirectoryCommandKind.Unregister:
                    Unregister(index, command.Activations);
                    break;
                case DirectoryCommandKind.RemoveSilos:
                    RemoveSilos(index, command.Silos);
                    break;
            }

            _pending = _changes.Count + _dead.Count;
        }
    }

    private void Unregister(ulong index, IReadOnlyList<ActivationAddress> activations)
    {
        foreach (ActivationAddress address in activations)
        {
            if (PrefixGrainKey.TryGetPrefix(address.Grain, out byte[] prefix) && DirectoryRules.Unregisters(Find(prefix), address))
            {
                _changes.Add(new Change(index, prefix, null));
            }
        }
    }

    private void RemoveSilos(ulong index, IReadOnlyList<string> silos)
    {
        SiloTableSnapshot table = _silos.Current;
        foreach (string silo in silos)
        {
            if (table.Version == 0 || !table.Admits(silo))
            {
                // Where the table is not in use the silo may register anew behind this.
                _dead.Add(new DeadSilo(index, silo, IsBarred: false));
            }
        }
    }

    private void Membership(ulong index, in SiloCommand command)
    {
        lock (_lock)
        {
            switch (command.Kind)
            {
                case SiloCommandKind.Insert or SiloCommandKind.Update when command.Row!.Status == SiloRowStatus.Dead:
                    _dead.Add(new DeadSilo(index, command.Row.Silo, IsBarred: true));
                    break;
                case SiloCommandKind.Evict:
                    _dead.Add(new DeadSilo(index, command.Silo!, IsBarred: true));
                    break;
                case SiloCommandKind.Cleanup or SiloCommandKind.Clear or SiloCommandKind.SupersedeMember:
                    AddRowsThatGo(index, command);
                    break;
            }

            _pending = _changes.Count + _dead.Count;
        }
    }

    private void AddRowsThatGo(ulong index, in SiloCommand command)
    {
        foreach (SiloRow row in _silos.Current.Rows.Values)
        {
            bool goes = command.Kind switch
            {
                SiloCommandKind.Cleanup => row.Status != SiloRowStatus.Active && row.LastSeenTicks < command.TimeTicks,
                SiloCommandKind.SupersedeMember => row.MemberId == command.MemberId && row.Silo != command.Silo,
                _ => true,
            };
            if (goes)
            {
                _dead.Add(new DeadSilo(index, row.Silo, IsBarred: true));
            }
        }
    }

    private DirectoryEntry? Find(ReadOnlySpan<byte> prefix)
    {
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            if (prefix.SequenceEqual(_changes[i].Prefix))
            {
                return Surviving(_changes[i].Owner, _changes[i].Index);
            }
        }

        return Surviving(_directory.FindPrefixOwner(prefix), registeredAt: 0);
    }

    /// <summary>The entry, unless its silo dies behind its registration.</summary>
    private DirectoryEntry? Surviving(DirectoryEntry? entry, ulong registeredAt)
    {
        foreach (DeadSilo dead in _dead)
        {
            if (dead.Silo == entry?.Silo && dead.Index > registeredAt)
            {
                return null;
            }
        }

        return entry;
    }

    private bool IsBarred(string silo)
    {
        foreach (DeadSilo dead in _dead)
        {
            if (dead.Silo == silo && dead.IsBarred)
            {
                return true;
            }
        }

        return false;
    }
}
