namespace Krewe.Testing.Disk;

/// <summary>What is done to a <see cref="MemoryDisk"/>.</summary>
public enum DiskOperation
{
    List,
    Create,
    Open,
    Rename,
    Delete,
    SyncDirectory,
    Preallocate,
    Read,
    Write,
    Truncate,
    SyncData,
}
