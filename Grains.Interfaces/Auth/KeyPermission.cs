namespace Krewe.Grains.Interfaces.Auth;

/// <summary>A permission of a role on a key, an interval, or everything from a key on (behaviour 212).</summary>
/// <param name="Type">Reading, writing or both.</param>
/// <param name="Key">First key.</param>
/// <param name="RangeEnd">Exclusive end. Empty: the single key. One zero byte: every key from <paramref name="Key"/> on.</param>
public sealed record KeyPermission(PermissionType Type, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> RangeEnd)
{
    /// <summary>Whether it is on the same keys, whatever it allows (behaviours 217, 219).</summary>
    public bool IsOn(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => Key.Span.SequenceEqual(key) && RangeEnd.Span.SequenceEqual(rangeEnd);
}
