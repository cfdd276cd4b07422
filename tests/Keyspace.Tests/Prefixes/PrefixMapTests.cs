using System.Text;
using Krewe.Grains.Prefixes;

namespace Krewe.Keyspace.Tests.Prefixes;

public sealed class PrefixMapTests
{
    private static readonly PrefixMap Map = PrefixMap.Create(new[] { "/registry/", "/registry/pods/", "b", "ba", "\u007f" }.Select(Bytes));

    [Theory]
    [InlineData("a", "")]
    [InlineData("b", "b")]
    [InlineData("bz", "b")]
    [InlineData("ba", "ba")]
    [InlineData("bax", "ba")]
    [InlineData("bb", "b")]
    [InlineData("/registry/pods/x", "/registry/pods/")]
    [InlineData("/registry/pod", "/registry/")]
    [InlineData("/registry/services", "/registry/")]
    [InlineData("/registr", "")]
    [InlineData("zzz", "")]
    public void The_longest_registered_prefix_owns_a_key(string key, string owner) =>
        Assert.Equal(owner, Encoding.UTF8.GetString(Map.Prefixes[Map.Resolve(Bytes(key))]));

    [Fact]
    public void Owners_of_an_interval_are_the_owners_of_its_keys()
    {
        var random = new Random(7);
        var alphabet = new[] { "/registry/", "/registry/pods/", "a", "b", "ba", "baa", "bb", "c", "/registry/z", "/registry/pods/a", "/", "0" }
            .Select(Bytes).ToArray();
        for (var i = 0; i < 5_000; i++)
        {
            var from = alphabet[random.Next(alphabet.Length)];
            var to = random.Next(4) == 0 ? [0] : alphabet[random.Next(alphabet.Length)];
            var owners = new SortedSet<int>();
            Map.ResolveInterval(from, to, owners);

            foreach (var key in alphabet.Where(k => Covers(from, to, k)))
            {
                Assert.Contains(Map.Resolve(key), owners);
            }
        }
    }

    [Fact]
    public void A_single_key_has_a_single_owner()
    {
        var owners = new SortedSet<int>();
        Map.ResolveInterval(Bytes("bax"), [], owners);
        Assert.Equal([Map.Resolve(Bytes("bax"))], owners);
    }

    [Fact]
    public void An_interval_inside_one_prefix_does_not_enlist_its_neighbours()
    {
        var owners = new SortedSet<int>();
        Map.ResolveInterval(Bytes("/registry/pods/a"), Bytes("/registry/pods/b"), owners);
        Assert.DoesNotContain(Map.Resolve(Bytes("b")), owners);
        Assert.Contains(Map.Resolve(Bytes("/registry/pods/a")), owners);
    }

    [Fact]
    public void The_number_of_prefixes_is_bounded() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PrefixMap.Create(Enumerable.Range(0, PrefixMap.MaxPrefixes).Select(i => Bytes($"p{i}"))));

    private static bool Covers(byte[] from, byte[] to, byte[] key) =>
        key.AsSpan().SequenceCompareTo(from) >= 0 && ((to.Length == 1 && to[0] == 0) || key.AsSpan().SequenceCompareTo(to) < 0);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
