namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>Pending keys by their bytes, so that a lookup needs a span only.</summary>
internal sealed class PendingKeyComparer : IEqualityComparer<PendingKey>, IAlternateEqualityComparer<ReadOnlySpan<byte>, PendingKey>
{
    public static PendingKeyComparer Instance { get; } = new();

    public bool Equals(PendingKey? x, PendingKey? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.Key.Span, y));

    public int GetHashCode(PendingKey obj) => GetHashCode(obj.Key.Span);

    public bool Equals(ReadOnlySpan<byte> alternate, PendingKey other) => alternate.SequenceEqual(other.Key.Span);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public PendingKey Create(ReadOnlySpan<byte> alternate) => throw new NotSupportedException("Pending keys come from requests.");
}
