namespace Krewe.Raft.Log;

/// <summary>One directory of files. All disk access of the log goes through it, so that tests inject faults in one place.</summary>
/// <remarks>
/// Names are plain file names without a directory part. Out of space is <see cref="DiskFullException"/>; any other failure is an
/// <see cref="IOException"/>. A change of the directory (create, rename, delete) is durable only after <see cref="SyncDirectory"/>.
/// </remarks>
public interface IDisk
{
    /// <summary>Takes the exclusive lock of the directory; disposing the result gives it back.</summary>
    /// <exception cref="DiskLockedException">Somebody else holds it.</exception>
    IDisposable Lock();

    /// <summary>The names of all files, in no particular order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Creates an empty file; fails if the name is taken.</summary>
    IDiskFile Create(string name);

    /// <summary>Opens an existing file for reading and writing.</summary>
    IDiskFile Open(string name);

    /// <summary>Renames a file in one step; an existing <paramref name="to"/> is replaced. Open handles stay valid.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file. Open handles stay valid until they are disposed.</summary>
    void Delete(string name);

    /// <summary>Makes all creations, renames and deletions so far durable (fsync of the directory).</summary>
    void SyncDirectory();
}
