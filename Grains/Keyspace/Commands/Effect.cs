namespace Krewe.Grains.Keyspace.Commands;

/// <summary>One change of one key, as the log carries it.</summary>
internal ref struct Effect
{
    public bool IsDelete;
    public ReadOnlySpan<byte> Key;
    public ReadOnlySpan<byte> Value;
    public long Lease;

    /// <summary>0 for the revision of the mutation itself.</summary>
    public long Create;
    public long Version;
}
