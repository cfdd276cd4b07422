using System.Diagnostics;

namespace Krewe.Grains.Keyspace.Index;

/// <summary>
/// A B+tree of key records that counts the live keys of every subtree, so that the number of keys in an interval costs two descents.
/// Not thread-safe: <see cref="KeyIndex"/> guards it.
/// </summary>
internal sealed class KeyTree
{
    // 16 levels of at least 2 children at the top and 16 below hold more keys than memory does.
    private const int MaxDepth = 24;

    private readonly InnerNode[] _path = new InnerNode[MaxDepth];
    private readonly int[] _slots = new int[MaxDepth];
    private TreeNode _root = new LeafNode();

    /// <summary>Records, also of deleted keys that compaction has not removed.</summary>
    public long Count { get; private set; }

    public long LiveCount { get; private set; }

    /// <summary>The root, for structure checks in tests.</summary>
    internal TreeNode Root => _root;

    public KeyRecord? Find(ReadOnlySpan<byte> key)
    {
        LeafNode leaf = FindLeaf(key);
        int position = leaf.LowerBound(key, out bool found);
        return found ? leaf.Records[position] : null;
    }

    /// <summary>The record of the key; a new, empty one if there was none.</summary>
    public KeyRecord GetOrAdd(ReadOnlySpan<byte> key)
    {
        int depth = Descend(key, out LeafNode leaf);
        int position = leaf.LowerBound(key, out bool found);
        if (found)
        {
            return leaf.Records[position];
        }

        var record = new KeyRecord(key.ToArray());
        leaf.Insert(position, record);
        Count++;
        if (leaf.Count > TreeNode.Capacity)
        {
            SplitUpwards(leaf, depth);
        }

        return record;
    }

    /// <summary>Counts a key that came to life (+1) or died (-1); its record must be there.</summary>
    public void AddLive(ReadOnlySpan<byte> key, int delta)
    {
        TreeNode node = _root;
        while (node is InnerNode inner)
        {
            int slot = inner.ChildFor(key);
            inner.Live[slot] += delta;
            node = inner.Children[slot];
        }

        LiveCount += delta;
    }

    /// <summary>Removes the record of a key that does not live.</summary>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        int depth = Descend(key, out LeafNode leaf);
        int position = leaf.LowerBound(key, out bool found);
        if (!found)
        {
            return false;
        }

        Debug.Assert(!leaf.Records[position].IsLive, "A live key cannot leave the index.");
        leaf.RemoveAt(position);
        Count--;
        JoinUpwards(leaf, depth);
        return true;
    }

    /// <summary>Live keys in the interval.</summary>
    public long CountLive(in KeyInterval interval)
    {
        if (interval.IsSingle)
        {
            return Find(interval.Start.Span) is { IsLive: true } ? 1 : 0;
        }

        long before = RankOf(interval.Start.Span, interval.StartsAfter);
        long upTo = interval.Kind == KeyIntervalKind.Unbounded ? LiveCount : RankOf(interval.End.Span, inclusive: false);
        return Math.Max(0, upTo - before);
    }

    /// <summary>Where a walk over the interval begins.</summary>
    public TreeCursor Seek(in KeyInterval interval)
    {
        LeafNode leaf = FindLeaf(interval.Start.Span);
        int position = leaf.LowerBound(interval.Start.Span, out bool found);
        return new TreeCursor(leaf, found && interval.StartsAfter ? position + 1 : position);
    }

    public TreeCursor First()
    {
        TreeNode node = _root;
        while (node is InnerNode inner)
        {
            node = inner.Children[0];
        }

        return new TreeCursor((LeafNode)node, 0);
    }

    // Live keys below the key, or up to it.
    private long RankOf(ReadOnlySpan<byte> key, bool inclusive)
    {
        long rank = 0;
        TreeNode node = _root;
        while (node is InnerNode inner)
        {
            int slot = inner.ChildFor(key);
            rank += inner.SumLive(slot);
            node = inner.Children[slot];
        }

        var leaf = (LeafNode)node;
        int position = leaf.LowerBound(key, out bool found);
        return rank + leaf.SumLive(found && inclusive ? position + 1 : position);
    }

    private LeafNode FindLeaf(ReadOnlySpan<byte> key)
    {
        TreeNode node = _root;
        while (node is InnerNode inner)
        {
            node = inner.Children[inner.ChildFor(key)];
        }

        return (LeafNode)node;
    }

    private int Descend(ReadOnlySpan<byte> key, out LeafNode leaf)
    {
        int depth = 0;
        TreeNode node = _root;
        while (node is InnerNode inner)
        {
            int slot = inner.ChildFor(key);
            _path[depth] = inner;
            _slots[depth] = slot;
            depth++;
            node = inner.Children[slot];
        }

        leaf = (LeafNode)node;
        return depth;
    }

    private void SplitUpwards(LeafNode leaf, int depth)
    {
        TreeNode left = leaf;
        LeafNode newLeaf = leaf.Split();
        TreeNode right = newLeaf;
        byte[] separator = newLeaf.Records[0].Key;
        while (depth > 0)
        {
            depth--;
            InnerNode parent = _path[depth];
            parent.InsertAfter(_slots[depth], separator, right);
            if (parent.Count <= TreeNode.Capacity)
            {
                return;
            }

            right = parent.Split(out separator);
            left = parent;
        }

        _root = InnerNode.Root(left, separator, right);
    }

    private void JoinUpwards(TreeNode node, int depth)
    {
        while (depth > 0 && node.Count < TreeNode.MinFill)
        {
            depth--;
            InnerNode parent = _path[depth];
            int slot = _slots[depth];
            if (!TryJoin(parent, slot) && (slot == 0 || !TryJoin(parent, slot - 1)))
            {
                return;
            }

            node = parent;
        }

        while (_root is InnerNode { Count: 1 } root)
        {
            _root = root.Children[0];
        }
    }

    private static bool TryJoin(InnerNode parent, int slot)
    {
        if (slot + 1 >= parent.Count)
        {
            return false;
        }

        TreeNode left = parent.Children[slot];
        TreeNode right = parent.Children[slot + 1];
        if (left.Count + right.Count > TreeNode.Capacity)
        {
            return false;
        }

        if (left is LeafNode leaf)
        {
            leaf.Absorb((LeafNode)right);
        }
        else
        {
            ((InnerNode)left).Absorb(parent.Separators[slot], (InnerNode)right);
        }

        parent.RemoveAfter(slot);
        return true;
    }
}
