using Krewe.Grains.Cluster.Directory;

namespace Krewe.Cluster.Tests.Modules;

internal sealed class RecordingListener : IDirectoryListener
{
    public Dictionary<GrainKey, DirectoryEntry> Entries { get; } = [];

    public void Reset(IReadOnlyCollection<DirectoryEntry> entries)
    {
        Entries.Clear();
        foreach (DirectoryEntry entry in entries)
        {
            Entries[entry.Grain] = entry;
        }
    }

    public void Set(DirectoryEntry entry) => Entries[entry.Grain] = entry;

    public void Remove(DirectoryEntry entry) => Assert.True(Entries.Remove(entry.Grain));
}
