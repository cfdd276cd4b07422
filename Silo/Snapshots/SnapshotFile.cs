namespace Krewe.Silo.Snapshots;

/// <summary>A file of a snapshot.</summary>
/// <param name="Name">Its name in the snapshot's directory.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Checksum">CRC-32C of all of it.</param>
internal readonly record struct SnapshotFile(string Name, long Length, uint Checksum);
