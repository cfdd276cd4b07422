namespace Krewe.Grains.Keyspace.Storage;

/// <summary>A row of a <see cref="MemoryKeyspaceStore"/>, ordered by its key.</summary>
internal readonly record struct MemoryRow(byte[] Key, byte[] Value) : IComparable<MemoryRow>
{
    public int CompareTo(MemoryRow other) => Key.AsSpan().SequenceCompareTo(other.Key);

    public static bool operator <(MemoryRow left, MemoryRow right) => left.CompareTo(right) < 0;

    public static bool operator >(MemoryRow left, MemoryRow right) => left.CompareTo(right) > 0;

    public static bool operator <=(MemoryRow left, MemoryRow right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MemoryRow left, MemoryRow right) => left.CompareTo(right) >= 0;
}
