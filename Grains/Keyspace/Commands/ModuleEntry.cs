namespace Krewe.Grains.Keyspace.Commands;

/// <summary>Entries that hold one module command and depend on no revision, so that they need no evaluation at the tail.</summary>
public static class ModuleEntry
{
    public static byte[] Encode(CommandKind kind, ReadOnlySpan<byte> payload)
    {
        var writer = new CommandWriter();
        writer.Begin([], baseRevision: null);
        writer.Module(kind, payload);
        return writer.ToArray();
    }
}
