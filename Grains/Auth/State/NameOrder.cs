namespace Krewe.Grains.Auth.State;

/// <summary>
/// Orders names as etcd does, by the bytes of their UTF-8 (behaviour 224). UTF-16 would order characters beyond U+FFFF before those from U+E000 on.
/// </summary>
internal sealed class NameOrder : IComparer<string>
{
    public static readonly NameOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var left = (x ?? "").EnumerateRunes();
        var right = (y ?? "").EnumerateRunes();
        while (true)
        {
            var hasLeft = left.MoveNext();
            var hasRight = right.MoveNext();
            if (!hasLeft || !hasRight)
            {
                return hasLeft.CompareTo(hasRight);
            }

            if (left.Current != right.Current)
            {
                return left.Current.CompareTo(right.Current);
            }
        }
    }
}
