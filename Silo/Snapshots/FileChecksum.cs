using Krewe.Raft.Log.Format;
using Microsoft.Win32.SafeHandles;

namespace Krewe.Silo.Snapshots;

/// <summary>CRC-32C of files.</summary>
internal static class FileChecksum
{
    private const int BufferBytes = 256 << 10;

    public static SnapshotFile Of(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        return new SnapshotFile(Path.GetFileName(path), RandomAccess.GetLength(handle), Of(handle));
    }

    public static uint Of(SafeFileHandle handle)
    {
        var buffer = new byte[BufferBytes];
        var crc = 0u;
        long offset = 0;
        while (RandomAccess.Read(handle, buffer, offset) is > 0 and var read)
        {
            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
            offset += read;
        }

        return crc;
    }
}
