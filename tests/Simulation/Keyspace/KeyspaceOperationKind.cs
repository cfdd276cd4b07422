namespace Krewe.Simulation.Keyspace;

internal enum KeyspaceOperationKind : byte
{
    /// <summary>A put, a range delete or a transaction.</summary>
    Write,
    Range,
    Grant,
    Revoke,
    KeepAlive,
    Compact,
}
