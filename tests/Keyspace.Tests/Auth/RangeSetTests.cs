using System.Text;
using CsCheck;
using Krewe.Grains.Auth.Permissions;

namespace Krewe.Keyspace.Tests.Auth;

public sealed class RangeSetTests
{
    private const int Letters = 6;

    /// <summary>Behaviour 213: the union counts, also where intervals only touch.</summary>
    [Theory]
    [InlineData("a..c c..e", "a..e", true)]
    [InlineData("a..c d..e", "a..e", false)]
    [InlineData("a..d b..e", "a..e", true)]
    [InlineData("a..e b..c", "a..e", true)]
    [InlineData("a..c", "a..c", true)]
    [InlineData("a..c", "b", true)]
    [InlineData("a..c", "c", false)]
    [InlineData("a", "a", true)]
    [InlineData("a", "a..b", false)]
    [InlineData("a", "aa", false)]
    [InlineData("a..*", "b..z", true)]
    [InlineData("a..*", "b..*", true)]
    [InlineData("b..*", "a..*", false)]
    [InlineData("a..z", "b..*", false)]
    [InlineData("a..c c..*", "a..*", true)]
    [InlineData("", "a", false)]
    [InlineData("a..c a..b", "a..c", true)]
    [InlineData("b..d", "c..a", true)]
    [InlineData("b..d", "d..a", false)]
    [InlineData("a..*", "c..b", true)]
    public void Covers_what_the_union_of_its_intervals_covers(string granted, string asked, bool expected)
    {
        var set = RangeSet.Of(granted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse));
        var (key, end) = Parse(asked);

        Assert.Equal(expected, set.Covers(key.Span, end.Span));
    }

    /// <summary>Against a set of all keys of one or two letters.</summary>
    [Fact]
    public void Agrees_with_a_set_of_keys() =>
        Gen.Select(Gen.Int[0, Letters], Gen.Int[-1, Letters + 1]).Array[0, 6].Select(Gen.Select(Gen.Int[0, Letters], Gen.Int[-1, Letters + 1])).Sample(
            (granted, asked) =>
            {
                var set = RangeSet.Of(granted.Select(g => Interval(g.Item1, g.Item2)));
                var (key, end) = Interval(asked.Item1, asked.Item2);
                var wanted = Universe.Where(k => IsIn(k, key.Span, end.Span)).ToList();
                if (wanted.Count > 0)
                {
                    var expected = wanted.All(k => granted.Any(g => IsIn(k, Interval(g.Item1, g.Item2).Key.Span, Interval(g.Item1, g.Item2).RangeEnd.Span)));
                    Assert.Equal(expected, set.Covers(key.Span, end.Span));
                }
            });

    /// <summary>Every key that tells two intervals of these ends apart.</summary>
    private static readonly byte[][] Universe =
        [.. Enumerable.Range(0, Letters + 2).SelectMany(i => new byte[][] { [(byte)('a' + i)], [(byte)('a' + i), 0], [(byte)('a' + i), (byte)'x'] })];

    private static bool IsIn(byte[] one, ReadOnlySpan<byte> key, ReadOnlySpan<byte> end) => end.IsEmpty
        ? key.SequenceEqual(one)
        : one.AsSpan().SequenceCompareTo(key) >= 0 && ((end.Length == 1 && end[0] == 0) || one.AsSpan().SequenceCompareTo(end) < 0);

    private static (ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> RangeEnd) Interval(int from, int to)
    {
        byte[] key = [(byte)('a' + from)];
        return to switch
        {
            -1 => (key, Array.Empty<byte>()),
            Letters + 1 => (key, new byte[1]),
            _ => (key, new byte[] { (byte)('a' + Math.Max(to, from + 1)) }),
        };
    }

    private static (ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> RangeEnd) Parse(string text)
    {
        var parts = text.Split("..");
        byte[] end = parts.Length == 1 ? [] : parts[1] == "*" ? [0] : Encoding.Latin1.GetBytes(parts[1]);
        return (Encoding.Latin1.GetBytes(parts[0]), end);
    }
}
