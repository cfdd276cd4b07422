using Krewe.Raft.Core;

namespace Krewe.Silo.Snapshots;

/// <summary>A consistent copy of the store by hard links, made to be sent.</summary>
internal sealed class Checkpoint(SnapshotManifest manifest, string directory)
{
    public SnapshotManifest Manifest => manifest;

    public string PathOfDirectory => directory;

    public SnapshotMetadata Metadata { get; } = manifest.Metadata;

    /// <summary>Transfers that read it.</summary>
    public int Uses { get; set; }

    /// <summary>Whether the log behind it should stay: until it has arrived where it was wanted.</summary>
    public bool HoldsLog { get; set; } = true;

    /// <summary>Timestamp of the last time that somebody wanted it.</summary>
    public long LastUsed { get; set; }
}
