namespace Krewe.Grains.Keyspace;

/// <summary>Forms of a <see cref="KeyInterval"/>.</summary>
public enum KeyIntervalKind
{
    Single = 0,
    Bounded = 1,

    /// <summary>Open-ended: every key from the start on.</summary>
    Unbounded = 2,
}
