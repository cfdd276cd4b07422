using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>
/// The replicated list of cluster members with their names and URLs (behaviours 236-238, 257), and the configuration that belongs to it:
/// both change in the same apply and stand in the same batch, so that a restart finds the configuration as of the applied index.
/// </summary>
/// <param name="initialConfiguration">The configuration while no membership change was applied; null for none.</param>
public sealed class MembersModule(ConfState? initialConfiguration = null) : IConfigurationModule, IMembersChanged
{
    private readonly Lock _gate = new();
    private MemberTable _table = MemberTable.Empty with { Configuration = initialConfiguration ?? ConfState.Empty };
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event Action<IReadOnlyList<Member>>? Changed;

    public CommandKind Kind => CommandKind.MemberUpdate;

    /// <summary>Members sorted by ID; an immutable snapshot.</summary>
    public IReadOnlyList<Member> Members => Table.Members;

    /// <summary>The configuration as of the applied index.</summary>
    public ConfState Configuration => Table.Configuration;

    internal MemberTable Table => Volatile.Read(ref _table);

    public bool IsRemoved(ulong memberId) => Table.Removed.Contains(memberId);

    public void Load(IKeyspaceStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Publish(MemberRows.Read(store, initialConfiguration ?? ConfState.Empty));
    }

    /// <summary>Publishes the name and the client URLs of the member that the payload (<see cref="MemberCodec"/>) describes; answers null.</summary>
    public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context)
    {
        var published = MemberCodec.Decode(payload);
        if (Table.Removed.Contains(published.Id))
        {
            return null;
        }

        // The rest of the row belongs to membership changes, which the publisher may not have known of.
        var member = Table.Find(published.Id) is { } known
            ? known with { Name = published.Name, ClientUrls = published.ClientUrls }
            : published;
        MemberRows.Put(context.Batch, member);
        Publish(Table.With(member));
        return null;
    }

    /// <summary>Null, or a <see cref="ConfChangeRefusal"/>.</summary>
    public object? ApplyConfChange(ReadOnlyMemory<byte> change, in ModuleContext context)
    {
        if (!ConfChangeCodec.TryDecode(change, out var decoded))
        {
            throw new InvalidDataException($"entry {context.Index} is no membership change that this version knows");
        }

        var before = Table;
        var error = MemberChange.Check(before, decoded);
        var next = before.Configuration;
        if (error == EtcdError.None && !ConfChanger.TryApply(before.Configuration, decoded, out next, out _))
        {
            error = EtcdError.MemberNotEnoughStarted;
        }

        if (error != EtcdError.None)
        {
            Publish(before with { ChangeIndex = context.Index });
            return new ConfChangeRefusal(error);
        }

        var after = MemberChange.Apply(before, decoded) with { Configuration = next, ChangeIndex = context.Index };
        Write(context.Batch, decoded, after);
        Publish(after);
        return null;
    }

    public void BeginTerm(in ModuleContext context)
    {
        // Membership outlives terms.
    }

    /// <summary>Completes when membership changes were applied here up to the index, which must be that of one (behaviour 255).</summary>
    public async Task WaitForChangeAsync(ulong index, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (Table.ChangeIndex >= index)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Write(IStoreBatch batch, ConfChange change, MemberTable after)
    {
        foreach (var item in change.Items)
        {
            if (after.Find(item.Id) is { } member)
            {
                MemberRows.Put(batch, member);
            }
            else
            {
                MemberRows.Remove(batch, item.Id);
            }
        }

        MemberRows.PutConfiguration(batch, after.ChangeIndex, after.Configuration);
    }

    private void Publish(MemberTable table)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Volatile.Write(ref _table, table);
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
        Changed?.Invoke(table.Members);
    }
}
