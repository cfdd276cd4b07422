using Krewe.Grains.Interfaces.Prefixes;

namespace Krewe.Simulation.Keyspace;

/// <summary>A model of a prefix grain's activation: registered in the directory first, then active in the term of that moment.</summary>
internal sealed class SimActivation(byte[] prefix, Guid id)
{
    public byte[] Prefix { get; } = prefix;

    public Guid Id { get; } = id;

    /// <summary>Whether it is registered; it waits for that otherwise.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The fence's token.</summary>
    public PrefixOwner Owner { get; private set; }

    public void Activate(ulong term)
    {
        IsActive = true;
        Owner = new PrefixOwner(Prefix, Id, term);
    }
}
