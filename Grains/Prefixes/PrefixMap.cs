using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Prefixes;

/// <summary>
/// Divides the keyspace among prefix grains: the longest registered prefix of a key wins, the root prefix is always there. Immutable.
/// </summary>
public sealed class PrefixMap
{
    /// <summary>Most prefixes that may be registered, the root included.</summary>
    public const int MaxPrefixes = 256;

    /// <summary>A map with the root prefix only.</summary>
    public static readonly PrefixMap RootOnly = new([[]]);

    private readonly byte[][] _prefixes;

    private PrefixMap(byte[][] sortedPrefixes) => _prefixes = sortedPrefixes;

    /// <summary>Registered prefixes in byte order; the first one is the root.</summary>
    public IReadOnlyList<byte[]> Prefixes => _prefixes;

    public bool IsRootOnly => _prefixes.Length == 1;

    /// <summary>A map of these prefixes and the root. Throws when there are more than <see cref="MaxPrefixes"/>.</summary>
    public static PrefixMap Create(IEnumerable<byte[]> prefixes)
    {
        var sorted = new SortedSet<byte[]>(ByteOrder.Instance) { Array.Empty<byte>() };
        sorted.UnionWith(prefixes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sorted.Count, MaxPrefixes, nameof(prefixes));
        return new PrefixMap([.. sorted]);
    }

    /// <summary>Position in <see cref="Prefixes"/> of the prefix that owns the key.</summary>
    public int Resolve(ReadOnlySpan<byte> key)
    {
        // Every prefix of the key sorts at or before it, and a longer one sorts after a shorter one.
        for (var i = LastAtOrBefore(key); i > 0; i--)
        {
            if (key.StartsWith(_prefixes[i]))
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>
    /// Adds the positions of all prefixes that own keys of the interval; <paramref name="rangeEnd"/> as in a range request (behaviours 16-18).
    /// </summary>
    public void ResolveInterval(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd, SortedSet<int> owners)
    {
        owners.Add(Resolve(key));
        if (rangeEnd.IsEmpty || IsRootOnly)
        {
            return;
        }

        var isOpenEnded = rangeEnd.Length == 1 && rangeEnd[0] == 0;
        for (var i = 0; i < _prefixes.Length; i++)
        {
            var startsInside = key.SequenceCompareTo(_prefixes[i]) <= 0
                && (isOpenEnded || _prefixes[i].AsSpan().SequenceCompareTo(rangeEnd) < 0);
            // A prefix that began before the interval still owns its rest, unless the interval lies behind all of its keys.
            var encloses = key.StartsWith(_prefixes[i]);
            if (startsInside || encloses)
            {
                owners.Add(i);
            }
        }
    }

    private int LastAtOrBefore(ReadOnlySpan<byte> key)
    {
        var low = 0;
        var high = _prefixes.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (key.SequenceCompareTo(_prefixes[middle]) >= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
