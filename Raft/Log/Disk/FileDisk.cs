using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Krewe.Raft.Log.Disk;

/// <summary>A directory of a Linux file system.</summary>
public sealed class FileDisk : IDisk
{
    private readonly string _directory;

    /// <summary>Opens <paramref name="directory"/>, creating it (readable by its owner only) if it isn't there.</summary>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    public FileDisk(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("the write-ahead log needs Linux (fdatasync, posix_fallocate, flock)");
        }

        _directory = Path.GetFullPath(directory);
        CreateDurably(_directory);
    }

    /// <inheritdoc/>
    public IDisposable Lock()
    {
        var handle = LibC.OpenDirectory(_directory);
        if (LibC.Flock(handle, LibC.LockExclusive | LibC.LockNonBlocking) == 0)
        {
            return handle;
        }

        var errno = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw errno == LibC.Ewouldblock
            ? new DiskLockedException($"{_directory} is in use by another process")
            : LibC.Error("flock", _directory, errno);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List()
    {
        var paths = Directory.GetFiles(_directory);
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = Path.GetFileName(paths[i]);
        }

        return paths;
    }

    /// <inheritdoc/>
    public IDiskFile Create(string name) => Open(name, FileMode.CreateNew);

    /// <inheritdoc/>
    public IDiskFile Open(string name) => Open(name, FileMode.Open);

    /// <inheritdoc/>
    public void Rename(string from, string to) => Checked(() => File.Move(PathOf(from), PathOf(to), overwrite: true));

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    public void SyncDirectory() => SyncDirectory(_directory);

    [SupportedOSPlatform("linux")]
    private static void CreateDurably(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(directory)!;
        CreateDurably(parent);
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SyncDirectory(parent);
    }

    private static void SyncDirectory(string directory)
    {
        using var handle = LibC.OpenDirectory(directory);
        if (LibC.Fsync(handle) != 0)
        {
            throw LibC.Error("fsync", directory, Marshal.GetLastPInvokeError());
        }
    }

    private static void Checked(Action action)
    {
        try
        {
            action();
        }
        catch (IOException e) when (LibC.IsDiskFull(e))
        {
            throw new DiskFullException(e.Message, e);
        }
    }

    private FileDiskFile Open(string name, FileMode mode)
    {
        SafeFileHandle? handle = null;
        Checked(() => handle = File.OpenHandle(
            PathOf(name), mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None));
        return new FileDiskFile(handle!, PathOf(name));
    }

    private string PathOf(string name) => Path.Join(_directory, name);
}
