using Krewe.Grains.Interfaces.Prefixes;

namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>Owners of prefixes as of the tail of the log. Few, one per registered prefix.</summary>
internal sealed class OwnerTable
{
    private readonly List<PrefixOwner> _owners = [];

    public void Set(PrefixOwner owner)
    {
        Remove(owner.Prefix.Span);
        _owners.Add(owner with { Prefix = owner.Prefix.ToArray() });
    }

    public void Remove(ReadOnlySpan<byte> prefix)
    {
        for (int i = 0; i < _owners.Count; i++)
        {
            if (_owners[i].Prefix.Span.SequenceEqual(prefix))
            {
                _owners.RemoveAt(i);
                return;
            }
        }
    }

    public bool IsOwner(in PrefixOwner owner)
    {
        foreach (PrefixOwner known in _owners)
        {
            if (known.Prefix.Span.SequenceEqual(owner.Prefix.Span))
            {
                return known.ActivationId == owner.ActivationId && known.Term == owner.Term;
            }
        }

        return false;
    }

    public void Clear() => _owners.Clear();
}
