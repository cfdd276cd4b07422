using Krewe.Grains.Cluster.Codec;

namespace Krewe.Grains.Cluster.Directory;

/// <summary>Registered prefix grains by prefix; replaced as a whole when one changes, because there are few and they are read by every write.</summary>
internal sealed class PrefixOwners
{
    private readonly Dictionary<byte[], DirectoryEntry> _entries;
    private readonly Dictionary<byte[], DirectoryEntry>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    private PrefixOwners(Dictionary<byte[], DirectoryEntry> entries)
    {
        _entries = entries;
        _lookup = entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public static PrefixOwners Create(IEnumerable<DirectoryEntry> entries)
    {
        var owners = new Dictionary<byte[], DirectoryEntry>(ByteStringComparer.Instance);
        foreach (DirectoryEntry entry in entries)
        {
            if (PrefixGrainKey.TryGetPrefix(entry.Grain, out byte[] prefix))
            {
                owners[prefix] = entry;
            }
        }

        return new PrefixOwners(owners);
    }

    public DirectoryEntry? Find(ReadOnlySpan<byte> prefix) => _lookup.TryGetValue(prefix, out DirectoryEntry? entry) ? entry : null;

    public PrefixOwners With(byte[] prefix, DirectoryEntry? entry)
    {
        var entries = new Dictionary<byte[], DirectoryEntry>(_entries, ByteStringComparer.Instance);
        if (entry is null)
        {
            entries.Remove(prefix);
        }
        else
        {
            entries[prefix] = entry;
        }

        return new PrefixOwners(entries);
    }
}
