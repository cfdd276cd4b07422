using Krewe.Grains.Keyspace.Commands;

namespace Krewe.Grains.Replication;

/// <summary>The grain directory as of the tail of the leader's log (design, section 4).</summary>
public interface ITailOwnership
{
    /// <summary>Whether the activation is the registered owner of the prefix, appended registrations included.</summary>
    bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId);

    /// <summary>A module's command was appended; called under the tail's gate, before anything after it is evaluated.</summary>
    void Appended(ulong index, ulong term, CommandKind kind, ReadOnlySpan<byte> payload);
}
