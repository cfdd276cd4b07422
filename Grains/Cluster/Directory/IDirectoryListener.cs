namespace Krewe.Grains.Cluster.Directory;

/// <summary>Follows the applied directory. Called on the apply thread (and once by whoever subscribes); must not block.</summary>
public interface IDirectoryListener
{
    /// <summary>Everything before this is void; the directory holds exactly these entries.</summary>
    void Reset(IReadOnlyCollection<DirectoryEntry> entries);

    void Set(DirectoryEntry entry);

    void Remove(DirectoryEntry entry);
}
