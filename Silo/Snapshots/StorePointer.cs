using System.Buffers.Binary;
using System.Text;
using Krewe.Raft.Log.Format;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// The file that names the directory of the member's store: version (1 byte), name, CRC-32C of both (4 bytes, little endian). Without
/// it the store has never been replaced.
/// </summary>
internal static class StorePointer
{
    public const byte FormatVersion = 1;

    public static byte[] Encode(string name)
    {
        byte[] text = [FormatVersion, .. Encoding.UTF8.GetBytes(name)];
        var encoded = new byte[text.Length + sizeof(uint)];
        text.CopyTo(encoded, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(encoded.AsSpan(text.Length), Crc32C.Append(0, text));
        return encoded;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> if it is damaged or of another version.</summary>
    public static string Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length < 1 + sizeof(uint)
            || BinaryPrimitives.ReadUInt32LittleEndian(encoded[^sizeof(uint)..]) != Crc32C.Append(0, encoded[..^sizeof(uint)]))
        {
            throw new InvalidDataException("the file that names the store's directory is damaged");
        }

        return encoded[0] == FormatVersion
            ? Encoding.UTF8.GetString(encoded[1..^sizeof(uint)])
            : throw new InvalidDataException($"the file that names the store's directory has version {encoded[0]}; this release reads {FormatVersion}");
    }
}
