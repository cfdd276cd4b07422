using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Krewe.Raft.Log.Disk;

/// <summary>The system calls that the base class library has no door to.</summary>
internal static partial class LibC
{
    internal const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on x86-64
    internal const int ReadOnlyDirectoryArm = 0x4000 | 0x80000; // O_DIRECTORY differs on arm
    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;

    internal const int Eintr = 4;
    internal const int Ewouldblock = 11;
    internal const int Einval = 22;
    internal const int Enospc = 28;
    internal const int Eopnotsupp = 95;
    internal const int Edquot = 122;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int Fdatasync(SafeFileHandle file);

    /// <summary>Returns the error number itself and leaves errno alone (POSIX).</summary>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    internal static partial int PosixFallocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(SafeFileHandle file, int operation);

    internal static SafeFileHandle OpenDirectory(string path)
    {
        var arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
        var descriptor = Open(path, arm ? ReadOnlyDirectoryArm : ReadOnlyDirectory);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw Error("open", path, Marshal.GetLastPInvokeError());
    }

    internal static IOException Error(string call, string path, int errno)
    {
        var text = $"{call} {path}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
        return errno is Enospc or Edquot ? new DiskFullException(text) : new IOException(text, errno);
    }

    /// <summary>The runtime reports an error number without an exception type of its own as HResult.</summary>
    internal static bool IsDiskFull(IOException exception) => exception.HResult is Enospc or Edquot;
}
