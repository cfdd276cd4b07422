using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Replication;

namespace Krewe.Keyspace.Tests;

/// <summary>A directory of prefix owners that a test writes by hand.</summary>
public sealed class TailOwners : ITailOwnership
{
    private readonly Dictionary<string, Guid> _owners = [];

    public void Set(PrefixOwner owner) => _owners[Name(owner.Prefix.Span)] = owner.ActivationId;

    public void Remove(ReadOnlySpan<byte> prefix) => _owners.Remove(Name(prefix));

    public bool IsOwner(ReadOnlySpan<byte> prefix, Guid activationId) =>
        _owners.TryGetValue(Name(prefix), out var owner) && owner == activationId;

    public void Appended(ulong index, ulong term, CommandKind kind, ReadOnlySpan<byte> payload)
    {
    }

    private static string Name(ReadOnlySpan<byte> prefix) => Convert.ToHexString(prefix);
}
