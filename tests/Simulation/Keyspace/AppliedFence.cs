using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Keyspace;

namespace Krewe.Simulation.Keyspace;

/// <summary>The write fence at apply, as a silo has it: the directory as of the entry before. Open if that mistake is planted.</summary>
internal sealed class AppliedFence(DirectoryTable directory, bool isOpen) : IOwnershipView
{
    public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId, ulong term) => isOpen || directory.IsOwner(prefix, activationId);
}
