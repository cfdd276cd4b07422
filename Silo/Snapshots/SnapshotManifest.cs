using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Krewe.Raft.Core;
using Krewe.Raft.Log.Format;

namespace Krewe.Silo.Snapshots;

/// <summary>What a snapshot consists of. Two snapshots with the same id have the same bytes.</summary>
/// <param name="Id">Chosen by whoever made it.</param>
/// <param name="Index">Last log index that is in it.</param>
/// <param name="Term">Term of that entry.</param>
/// <param name="Configuration">Members as of that index.</param>
/// <param name="Files">In the order in which they are transferred.</param>
internal sealed record SnapshotManifest(Guid Id, ulong Index, ulong Term, ConfState Configuration, IReadOnlyList<SnapshotFile> Files)
{
    /// <summary>Version of the encoding, on the wire and on the disk.</summary>
    public const byte FormatVersion = 1;

    /// <summary>Files of one snapshot, at most.</summary>
    public const int MaxFiles = 100_000;

    private const int IdBytes = 16;
    private const int MaxNameBytes = 255;

    private static ReadOnlySpan<byte> Magic => "KRWS"u8;

    public long TotalBytes => Files.Sum(file => file.Length);

    /// <summary>The snapshot as the consensus core knows it: its handle is the id.</summary>
    public SnapshotMetadata Metadata => new(Index, Term, Configuration, Handle(Id));

    /// <summary>The id in a handle; null if that is of another making.</summary>
    public static Guid? IdOf(ReadOnlyMemory<byte> handle) => handle.Length == IdBytes ? new Guid(handle.Span, bigEndian: true) : null;

    /// <summary>
    /// "KRWS", version, id (16 bytes); index, term (8 bytes each), length of the configuration (4) and <see cref="ConfStateCodec"/>, number of
    /// files (4); for each the length of its name (2), name, length (8), checksum (4); CRC-32C of all that. Little endian.
    /// </summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(Handle(Id));
        writer.Write(Index);
        writer.Write(Term);
        var configuration = ConfStateCodec.Encode(Configuration);
        writer.Write(configuration.Length);
        writer.Write(configuration);
        writer.Write(Files.Count);
        foreach (var file in Files)
        {
            var name = Encoding.UTF8.GetBytes(file.Name);
            writer.Write((ushort)name.Length);
            writer.Write(name);
            writer.Write(file.Length);
            writer.Write(file.Checksum);
        }

        writer.Flush();
        writer.Write(Crc32C.Append(0, buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>False if it is damaged, of another version, or names files that no snapshot has.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SnapshotManifest? manifest)
    {
        manifest = null;
        if (data.Length < Magic.Length + 1 + sizeof(uint) || !data.StartsWith(Magic) || data[Magic.Length] != FormatVersion
            || BinaryPrimitives.ReadUInt32LittleEndian(data[^sizeof(uint)..]) != Crc32C.Append(0, data[..^sizeof(uint)]))
        {
            return false;
        }

        using var reader = new BinaryReader(new MemoryStream(data[(Magic.Length + 1)..^sizeof(uint)].ToArray()), Encoding.UTF8);
        try
        {
            manifest = Read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            return false;
        }

        return manifest is not null;
    }

    private static byte[] Handle(Guid id) => id.ToByteArray(bigEndian: true);

    private static SnapshotManifest? Read(BinaryReader reader)
    {
        var id = new Guid(reader.ReadBytes(IdBytes), bigEndian: true);
        var index = reader.ReadUInt64();
        var term = reader.ReadUInt64();
        if (!ConfStateCodec.TryDecode(reader.ReadBytes(reader.ReadInt32()), out var configuration))
        {
            return null;
        }

        var count = reader.ReadInt32();
        if (count is < 0 or > MaxFiles)
        {
            return null;
        }

        var files = new SnapshotFile[count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadUInt16()));
            files[i] = new SnapshotFile(name, reader.ReadInt64(), reader.ReadUInt32());
            if (!IsFileName(name) || files[i].Length < 0 || !names.Add(name))
            {
                return null;
            }
        }

        return new SnapshotManifest(id, index, term, configuration, files);
    }

    /// <summary>Nothing that leads out of the directory, or that stands for what the receiver keeps there itself.</summary>
    private static bool IsFileName(string name) =>
        name.Length is > 0 and <= MaxNameBytes && name is not ("." or ".." or StagedSnapshot.IncomingName or StagedSnapshot.CompleteName)
        && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;
}
