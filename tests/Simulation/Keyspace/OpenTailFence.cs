using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Replication;

namespace Krewe.Simulation.Keyspace;

/// <summary>A planted mistake: the tail lets every writer in.</summary>
internal sealed class OpenTailFence(PendingOwners owners) : ITailOwnership
{
    public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId) => true;

    public void Appended(ulong index, ulong term, CommandKind kind, ReadOnlySpan<byte> payload) => owners.Appended(index, term, kind, payload);
}
