using System.Collections.Concurrent;
using Krewe.Grains.Cluster.Directory;
using Orleans.Runtime;

namespace Krewe.Silo.Clustering;

/// <summary>The applied directory in Orleans' types, kept beside it so that a look-up per call converts and allocates nothing.</summary>
internal sealed class DirectoryMirror : IDirectoryListener, IDisposable
{
    private readonly DirectoryTable _directory;
    private readonly LeaderSilo _leaderSilo;
    private ConcurrentDictionary<GrainId, Registered> _registered = new();

    public DirectoryMirror(DirectoryTable directory, LeaderSilo leaderSilo)
    {
        _directory = directory;
        _leaderSilo = leaderSilo;
        directory.Subscribe(this);
    }

    private readonly record struct Registered(GrainAddress Address, bool IsLeaderBound);

    public IEnumerable<GrainAddress> Addresses => Volatile.Read(ref _registered).Values.Select(registered => registered.Address);

    /// <summary>Where the grain is; null for a leader-placed one that is registered with another silo than the leader's.</summary>
    public GrainAddress? Find(GrainId grainId) =>
        Volatile.Read(ref _registered).TryGetValue(grainId, out var found)
            && (!found.IsLeaderBound || _leaderSilo.MayHost(found.Address.SiloAddress))
            ? found.Address
            : null;

    public void Reset(IReadOnlyCollection<DirectoryEntry> entries)
    {
        var all = new ConcurrentDictionary<GrainId, Registered>();
        foreach (DirectoryEntry entry in entries)
        {
            GrainAddress address = GrainAddressMapping.ToAddress(entry);
            all[address.GrainId] = new Registered(address, entry.IsLeaderBound);
        }

        Volatile.Write(ref _registered, all);
    }

    public void Set(DirectoryEntry entry)
    {
        GrainAddress address = GrainAddressMapping.ToAddress(entry);
        _registered[address.GrainId] = new Registered(address, entry.IsLeaderBound);
    }

    /// <summary>The table outlives the silo.</summary>
    public void Dispose() => _directory.Unsubscribe(this);

    public void Remove(DirectoryEntry entry) => _registered.TryRemove(GrainAddressMapping.ToGrainId(entry.Grain), out _);
}
