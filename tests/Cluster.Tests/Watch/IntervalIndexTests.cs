using Krewe.Grains.Keyspace;
using Krewe.Grains.Watch;

namespace Krewe.Cluster.Tests.Watch;

public sealed class IntervalIndexTests
{
    [Fact]
    public void Random_intervals_are_found_as_by_a_linear_search()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Check(seed);
        }
    }

    [Fact]
    public void Removing_what_is_not_there_is_told()
    {
        var index = new IntervalIndex<string>();
        KeyInterval single = Interval("a", "");
        KeyInterval range = Interval("a", "b");
        index.Add(single, "x");
        index.Add(range, "x");
        Assert.False(index.Remove(single, "y"));
        Assert.False(index.Remove(range, "y"));
        Assert.False(index.Remove(Interval("a", "\0"), "x"));
        Assert.True(index.Remove(range, "x"));
        Assert.True(index.Remove(single, "x"));
        Assert.False(index.Remove(single, "x"));
        Assert.Equal(0, index.Count);
    }

    private static void Check(int seed)
    {
        var random = new Random(seed);
        var index = new IntervalIndex<string>();
        var naive = new List<(KeyInterval Interval, string Item)>();
        for (int step = 0; step < 150; step++)
        {
            if (naive.Count != 0 && random.Next(3) == 0)
            {
                int victim = random.Next(naive.Count);
                Assert.True(index.Remove(naive[victim].Interval, naive[victim].Item), $"seed {seed}, step {step}");
                naive.RemoveAt(victim);
            }
            else
            {
                KeyInterval interval = NextInterval(random);
                naive.Add((interval, $"{step}"));
                index.Add(interval, $"{step}");
            }

            byte[] key = NextKey(random);
            var found = new List<string>();
            index.Find(key, found);
            IEnumerable<string> expected = naive.Where(pair => pair.Interval.Contains(key)).Select(pair => pair.Item).Order();
            Assert.True(expected.SequenceEqual(found.Order()), $"seed {seed}, step {step}");
            Assert.Equal(naive.Count, index.Count);
        }
    }

    private static KeyInterval NextInterval(Random random)
    {
        byte[] from = NextKey(random);
        byte[] to = NextKey(random);
        return random.Next(4) switch
        {
            0 => KeyInterval.From(from, default),
            1 => KeyInterval.From(from, new byte[] { 0 }),
            _ when from.AsSpan().SequenceCompareTo(to) < 0 => KeyInterval.From(from, to),
            _ => KeyInterval.From(to, (byte[])[.. from, 1]),
        };
    }

    private static byte[] NextKey(Random random)
    {
        byte[] key = new byte[random.Next(1, 3)];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)random.Next(6);
        }

        return key;
    }

    private static KeyInterval Interval(string key, string end) => KeyInterval.From(WatchRig.Bytes(key), WatchRig.Bytes(end));
}
