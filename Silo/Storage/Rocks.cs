using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Storage;
using RocksDbSharp;

namespace Krewe.Silo.Storage;

/// <summary>RocksDB's C functions and their errors.</summary>
internal static class Rocks
{
    /// <summary>RocksDB's ReadTier that sees only what is in files.</summary>
    internal const int PersistedTier = 2;

    internal const int NoCompression = 0;
    internal const int Lz4Compression = 4;

    internal static Native Api { get; } = Native.Instance;

    /// <summary>Throws if a call reported an error.</summary>
    /// <exception cref="StoreFaultException">The error.</exception>
    internal static void Check(IntPtr error)
    {
        if (error == IntPtr.Zero)
        {
            return;
        }

        var text = Marshal.PtrToStringUTF8(error) ?? "unknown";
        Api.rocksdb_free(error);
        throw Fault(text);
    }

    internal static StoreFaultException Fault(string text) => new($"the store failed: {text}", IsDiskFull(text));

    private static bool IsDiskFull(string text) =>
        text.Contains("No space left on device", StringComparison.Ordinal)
        || text.Contains("Disk quota exceeded", StringComparison.Ordinal)
        || text.Contains("Space limit reached", StringComparison.Ordinal)
        || text.Contains("Max allowed space was reached", StringComparison.Ordinal);
}
