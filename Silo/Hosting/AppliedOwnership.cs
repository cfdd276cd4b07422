using Krewe.Grains.Cluster.Directory;

namespace Krewe.Silo.Hosting;

/// <summary>
/// The write fence at apply: the directory as of the entry before. The term needs no look: the first entry of each term voids the
/// registrations of prefix grains.
/// </summary>
internal sealed class AppliedOwnership(DirectoryTable directory) : Krewe.Grains.Keyspace.IOwnershipView
{
    public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId, ulong term) => directory.IsOwner(prefix, activationId);
}
