using System.Collections.Concurrent;
using Krewe.Grains.Cluster.Directory;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>The applied directory in Orleans' types, kept beside it so that a look-up per call converts and allocates nothing.</summary>
internal sealed class DirectoryMirror : IDirectoryListener
{
    private ConcurrentDictionary<GrainId, GrainAddress> _addresses = new();

    public DirectoryMirror(DirectoryTable directory) => directory.Subscribe(this);

    public IReadOnlyDictionary<GrainId, GrainAddress> Addresses => Volatile.Read(ref _addresses);

    public GrainAddress? Find(GrainId grainId) => Volatile.Read(ref _addresses).GetValueOrDefault(grainId);

    public void Reset(IReadOnlyCollection<DirectoryEntry> entries)
    {
        var addresses = new ConcurrentDictionary<GrainId, GrainAddress>();
        foreach (DirectoryEntry entry in entries)
        {
            GrainAddress address = GrainAddressMapping.ToAddress(entry);
            addresses[address.GrainId] = address;
        }

        Volatile.Write(ref _addresses, addresses);
    }

    public void Set(DirectoryEntry entry)
    {
        GrainAddress address = GrainAddressMapping.ToAddress(entry);
        _addresses[address.GrainId] = address;
    }

    public void Remove(DirectoryEntry entry) => _addresses.TryRemove(GrainAddressMapping.ToGrainId(entry.Grain), out _);
}
