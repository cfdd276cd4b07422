using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;

namespace Krewe.Silo.Clustering;

/// <summary>
/// Orleans' directory cache, answered by the replicated directory itself: nothing to fill, nothing that can be stale for longer than
/// apply lags. Grains of other named directories are looked up there each time.
/// </summary>
internal sealed class ReplicatedDirectoryCache : IGrainDirectoryCache
{
    private readonly DirectoryMirror _mirror;

    public ReplicatedDirectoryCache(DirectoryMirror mirror) => _mirror = mirror;

    public IEnumerable<(GrainAddress ActivationAddress, int Version)> KeyValues => _mirror.Addresses.Select(address => (address, Version(address)));

    public bool LookUp(GrainId key, [NotNullWhen(true)] out GrainAddress? result, out int version)
    {
        result = _mirror.Find(key);
        version = result is null ? 0 : Version(result);
        return result is not null;
    }

    public void AddOrUpdate(GrainAddress value, int version)
    {
    }

    public bool Remove(GrainId key) => false;

    public bool Remove(GrainAddress key) => false;

    public void Clear()
    {
    }

    private static int Version(GrainAddress address) => (int)address.MembershipVersion.Value;
}
