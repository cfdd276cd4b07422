using System.Text;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Keyspace.Tests.Index;

public sealed class KeyTreeTests
{
    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 3000)]
    [InlineData(3, 20_000)]
    public void Agrees_with_a_sorted_set_under_random_inserts_deaths_and_removals(int seed, int steps)
    {
        var random = new Random(seed);
        var tree = new KeyTree();
        var all = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        int revision = 1;
        for (int step = 0; step < steps; step++)
        {
            // Phases of growth and of shrinking, so that nodes split and join.
            bool shrink = step / (steps / 6) % 2 == 1;
            string key = random.Next(steps / 12).ToString("x6", null);
            byte[] bytes = Encoding.Latin1.GetBytes(key);
            if (!shrink || random.Next(16) == 0)
            {
                Put(tree, bytes, ++revision);
                all[key] = true;
            }
            else if (all.TryGetValue(key, out bool lives))
            {
                if (lives)
                {
                    Delete(tree, bytes, ++revision);
                }

                if (random.Next(3) > 0)
                {
                    Assert.True(tree.Remove(bytes));
                    all.Remove(key);
                }
                else
                {
                    all[key] = false;
                }
            }
            else
            {
                Assert.Equal(all.ContainsKey(key), tree.Remove(bytes));
            }

            if (step % Math.Max(1, steps / 50) == 0)
            {
                CheckAll(tree, all, random, seed, step);
            }
        }

        CheckAll(tree, all, random, seed, steps);
    }

    [Fact]
    public void Empties_completely_and_grows_again()
    {
        var tree = new KeyTree();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 5000; i++)
            {
                Put(tree, BitConverter.GetBytes(i), i + 1);
            }

            Assert.IsType<InnerNode>(tree.Root);
            for (int i = 0; i < 5000; i++)
            {
                byte[] key = BitConverter.GetBytes((i * 7) % 5000);
                Delete(tree, key, 6000 + i);
                Assert.True(tree.Remove(key));
            }

            Assert.Equal(0, tree.Count);
            Assert.Equal(0, tree.LiveCount);
            Assert.IsType<LeafNode>(tree.Root);
            Assert.False(tree.First().TryNext(out _));
        }
    }

    private static void Put(KeyTree tree, byte[] key, long revision)
    {
        KeyRecord record = tree.GetOrAdd(key);
        bool was = record.IsLive;
        record.Put(revision, 0, revision, 1, 0, default);
        if (!was)
        {
            tree.AddLive(key, 1);
        }
    }

    private static void Delete(KeyTree tree, byte[] key, long revision)
    {
        tree.Find(key)!.Delete(revision, 0);
        tree.AddLive(key, -1);
    }

    private static void CheckAll(KeyTree tree, SortedDictionary<string, bool> all, Random random, int seed, int step)
    {
        string at = $"seed {seed}, step {step}";
        Assert.True(tree.Count == all.Count, at);
        Assert.True(tree.LiveCount == all.Values.Count(lives => lives), at);
        List<string> walked = [];
        TreeCursor cursor = tree.First();
        while (cursor.TryNext(out KeyRecord record))
        {
            walked.Add(Encoding.Latin1.GetString(record.Key));
        }

        Assert.True(walked.SequenceEqual(all.Keys), at);
        CheckNode(tree.Root, null, null, isRoot: true);
        for (int i = 0; i < 10; i++)
        {
            string from = random.Next(2000).ToString("x6", null);
            string to = random.Next(2000).ToString("x6", null);
            var interval = KeyInterval.From(KeyspaceHarness.Bytes(from), KeyspaceHarness.Bytes(to));
            long expected = all.Count(pair => pair.Value && string.CompareOrdinal(pair.Key, from) >= 0 && string.CompareOrdinal(pair.Key, to) < 0);
            Assert.True(expected == tree.CountLive(interval), at);
            long fromIsLive = all.TryGetValue(from, out bool lives) && lives && string.CompareOrdinal(from, to) < 0 ? 1 : 0;
            Assert.True(expected - fromIsLive == tree.CountLive(interval.After(KeyspaceHarness.Bytes(from))), at);
        }
    }

    // Order, separators, counts and equal depth; answers depth and live keys.
    private static (int Depth, long Live) CheckNode(TreeNode node, byte[]? from, byte[]? to, bool isRoot)
    {
        Assert.InRange(node.Count, isRoot ? 0 : 1, TreeNode.Capacity);
        if (node is LeafNode leaf)
        {
            for (int i = 0; i < leaf.Count; i++)
            {
                Assert.True(from is null || leaf.Records[i].Key.AsSpan().SequenceCompareTo(from) >= 0);
                Assert.True(to is null || leaf.Records[i].Key.AsSpan().SequenceCompareTo(to) < 0);
            }

            return (1, leaf.SumLive());
        }

        var inner = (InnerNode)node;
        Assert.True(inner.Count >= 2 || !isRoot);
        int depth = 0;
        long live = 0;
        for (int i = 0; i < inner.Count; i++)
        {
            byte[]? low = i == 0 ? from : inner.Separators[i - 1];
            byte[]? high = i == inner.Count - 1 ? to : inner.Separators[i];
            (int childDepth, long childLive) = CheckNode(inner.Children[i], low, high, isRoot: false);
            Assert.True(depth == 0 || depth == childDepth);
            Assert.Equal(childLive, inner.Live[i]);
            depth = childDepth;
            live += childLive;
        }

        return (depth + 1, live);
    }
}
