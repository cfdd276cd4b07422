namespace Krewe.Grains.Keyspace.Commands;

/// <summary>Numbers of the entry format; see <see cref="CommandWriter"/>.</summary>
internal static class EntryFormat
{
    public const byte Version = 1;
    public const byte FencesFlag = 1;
    public const byte BaseRevisionFlag = 2;
    public const byte PutOp = 1;
    public const byte DeleteOp = 2;
    public const byte PutWithLeaseOp = 3;
}
