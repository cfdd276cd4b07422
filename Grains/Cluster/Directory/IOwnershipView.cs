namespace Krewe.Grains.Cluster.Directory;

/// <summary>Whom the directory names as the writer of a prefix: what the write fence asks (design, section 4).</summary>
public interface IOwnershipView
{
    /// <summary>Whether the activation is the registered owner of the prefix. Lock-free on applied state, and cheap enough for each write.</summary>
    bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId);
}
