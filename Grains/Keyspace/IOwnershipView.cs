namespace Krewe.Grains.Keyspace;

/// <summary>
/// The grain directory as of the entry that is being applied. Asked on the apply thread only; deterministic, because it is part of the
/// replicated state (design, section 4).
/// </summary>
public interface IOwnershipView
{
    /// <summary>Whether the activation is the registered owner of the prefix.</summary>
    bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId, ulong term);
}
