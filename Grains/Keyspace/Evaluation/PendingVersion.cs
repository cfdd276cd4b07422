namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>A version of a key that is in the log, or about to be, and may not be applied yet.</summary>
internal record struct PendingVersion
{
    public long Main;
    public int Sub;
    public long Create;

    /// <summary>0 for a deletion.</summary>
    public long Version;
    public long Lease;
    public ReadOnlyMemory<byte> Value;

    /// <summary>Log index of the entry; <see cref="Overlay.Uncommitted"/> until it is appended.</summary>
    public ulong Index;
}
