using System.Buffers.Binary;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Cluster.Members;

/// <summary>The replicated list of cluster members with their names and URLs (behaviours 236-238, 257).</summary>
public sealed class MembersModule : IStateModule
{
    private IReadOnlyList<Member> _members = [];

    public CommandKind Kind => CommandKind.MemberUpdate;

    /// <summary>Members sorted by ID; an immutable snapshot.</summary>
    public IReadOnlyList<Member> Members => Volatile.Read(ref _members);

    public void Load(IKeyspaceStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var members = new List<Member>();
        using var rows = store.Iterate(StoreTable.Members, [], []);
        while (rows.MoveNext())
        {
            members.Add(MemberCodec.Decode(rows.Value));
        }

        Volatile.Write(ref _members, members);
    }

    /// <summary>Replaces or adds the member that the payload (<see cref="MemberCodec"/>) describes; answers null.</summary>
    public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context)
    {
        var member = MemberCodec.Decode(payload);
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(key, member.Id);
        context.Batch.Put(StoreTable.Members, key, payload);
        Volatile.Write(ref _members, [.. Members.Where(m => m.Id != member.Id).Append(member).OrderBy(m => m.Id)]);
        return null;
    }

    public void BeginTerm(in ModuleContext context)
    {
        // Membership outlives terms.
    }
}
