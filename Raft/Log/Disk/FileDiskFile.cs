using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Krewe.Raft.Log.Disk;

/// <summary>An open file of a Linux file system.</summary>
internal sealed class FileDiskFile(SafeFileHandle handle, string path) : IDiskFile
{
    public long Length => RandomAccess.GetLength(handle);

    public void Preallocate(long length)
    {
        int errno;
        do
        {
            errno = LibC.PosixFallocate(handle, 0, length);
        }
        while (errno == LibC.Eintr);

        if (errno is LibC.Eopnotsupp or LibC.Einval)
        {
            FillWithZeroes(length); // a C library without emulation, on a file system without fallocate
        }
        else if (errno != 0)
        {
            throw LibC.Error("posix_fallocate", path, errno);
        }
    }

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(handle, data, offset);
        }
        catch (IOException e) when (LibC.IsDiskFull(e))
        {
            throw new DiskFullException(e.Message, e);
        }
    }

    public void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public void SyncData()
    {
        while (LibC.Fdatasync(handle) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno != LibC.Eintr)
            {
                throw LibC.Error("fdatasync", path, errno);
            }
        }
    }

    public void Dispose() => handle.Dispose();

    private void FillWithZeroes(long length)
    {
        var zeroes = new byte[64 * 1024];
        for (var offset = Length; offset < length; offset += zeroes.Length)
        {
            Write(offset, zeroes.AsSpan(0, (int)Math.Min(zeroes.Length, length - offset)));
        }
    }
}
