using Krewe.Grains.Keyspace.Commands;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Prefixes;

/// <summary>
/// The replicated prefix map. The payload of a command, and the row's value, is a version byte and the whole new list of prefixes, each with
/// its length in two bytes (little endian); the root is implied.
/// </summary>
public sealed class PrefixMapModule : IStateModule
{
    private const byte FormatVersion = 1;

    /// <summary>Longest prefix that may be registered, in bytes.</summary>
    public const int MaxPrefixBytes = 1024;

    private PrefixMap _map = PrefixMap.RootOnly;

    public CommandKind Kind => CommandKind.PrefixMap;

    /// <summary>The map as of applied state; an immutable snapshot.</summary>
    public PrefixMap Map => Volatile.Read(ref _map);

    private static ReadOnlySpan<byte> RowKey => "prefixes"u8;

    public static byte[] Encode(PrefixMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(FormatVersion);
        foreach (var prefix in map.Prefixes)
        {
            if (prefix.Length > 0)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix.Length, MaxPrefixBytes, nameof(map));
                writer.Write((ushort)prefix.Length);
                writer.Write(prefix);
            }
        }

        writer.Flush();
        return buffer.ToArray();
    }

    public void Load(IKeyspaceStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var row = store.Get(StoreTable.Meta, RowKey);
        Volatile.Write(ref _map, row is null ? PrefixMap.RootOnly : Decode(row));
    }

    /// <summary>Replaces the map; answers the new one.</summary>
    public object? Apply(ReadOnlySpan<byte> payload, in ModuleContext context)
    {
        var map = Decode(payload);
        context.Batch.Put(StoreTable.Meta, RowKey, payload);
        Volatile.Write(ref _map, map);
        return map;
    }

    public void BeginTerm(in ModuleContext context)
    {
        // The map outlives terms; the owners of its prefixes do not.
    }

    private static PrefixMap Decode(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[0] != FormatVersion)
        {
            throw new InvalidDataException("prefix map has a format that this version does not know");
        }

        var prefixes = new List<byte[]>();
        for (var rest = data[1..]; !rest.IsEmpty;)
        {
            var length = rest[0] | (rest[1] << 8);
            prefixes.Add(rest.Slice(2, length).ToArray());
            rest = rest[(2 + length)..];
        }

        return PrefixMap.Create(prefixes);
    }
}
