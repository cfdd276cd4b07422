namespace Krewe.Grains.Keyspace.Index;

/// <summary>An inner node: children, the keys between them, and the number of live keys below each child.</summary>
internal sealed class InnerNode : TreeNode
{
    public TreeNode[] Children { get; } = new TreeNode[Capacity + 1];

    /// <summary>Live keys below each child, side by side so that a sum touches few cache lines.</summary>
    public long[] Live { get; } = new long[Capacity + 1];

    /// <summary>All keys of child i are below separator i, those of child i + 1 at or above it.</summary>
    public byte[][] Separators { get; } = new byte[Capacity][];

    public static InnerNode Root(TreeNode left, byte[] separator, TreeNode right)
    {
        var root = new InnerNode { Count = 2 };
        root.Children[0] = left;
        root.Children[1] = right;
        root.Separators[0] = separator;
        root.Live[0] = left.SumLive();
        root.Live[1] = right.SumLive();
        return root;
    }

    /// <summary>The child whose keys include the given one.</summary>
    public int ChildFor(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = Count - 2;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (Separators[middle].AsSpan().SequenceCompareTo(key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>Puts the right part of a child that was split beside it.</summary>
    public void InsertAfter(int slot, byte[] separator, TreeNode right)
    {
        int moved = Count - slot - 1;
        Array.Copy(Children, slot + 1, Children, slot + 2, moved);
        Array.Copy(Live, slot + 1, Live, slot + 2, moved);
        Array.Copy(Separators, slot, Separators, slot + 1, moved);
        Children[slot + 1] = right;
        Separators[slot] = separator;
        Live[slot] = Children[slot].SumLive();
        Live[slot + 1] = right.SumLive();
        Count++;
    }

    /// <summary>Takes out the right one of two children that were joined.</summary>
    public void RemoveAfter(int slot)
    {
        Live[slot] += Live[slot + 1];
        int moved = Count - slot - 2;
        Array.Copy(Children, slot + 2, Children, slot + 1, moved);
        Array.Copy(Live, slot + 2, Live, slot + 1, moved);
        Array.Copy(Separators, slot + 1, Separators, slot, moved);
        Count--;
        Children[Count] = null!;
        Live[Count] = 0;
        Separators[Count - 1] = null!;
    }

    /// <summary>Moves the upper half into a new node to the right; answers the key between the two.</summary>
    public InnerNode Split(out byte[] separator)
    {
        var right = new InnerNode();
        int keep = Count / 2;
        right.Count = Count - keep;
        Array.Copy(Children, keep, right.Children, 0, right.Count);
        Array.Copy(Live, keep, right.Live, 0, right.Count);
        Array.Copy(Separators, keep, right.Separators, 0, right.Count - 1);
        separator = Separators[keep - 1];
        Array.Clear(Children, keep, right.Count);
        Array.Clear(Live, keep, right.Count);
        Array.Clear(Separators, keep - 1, right.Count);
        Count = keep;
        return right;
    }

    /// <summary>Takes over all children of the node to the right.</summary>
    public void Absorb(byte[] separator, InnerNode right)
    {
        Array.Copy(right.Children, 0, Children, Count, right.Count);
        Array.Copy(right.Live, 0, Live, Count, right.Count);
        Separators[Count - 1] = separator;
        Array.Copy(right.Separators, 0, Separators, Count, right.Count - 1);
        Count += right.Count;
    }

    public override long SumLive()
    {
        long live = 0;
        for (int i = 0; i < Count; i++)
        {
            live += Live[i];
        }

        return live;
    }

    public long SumLive(int before)
    {
        long live = 0;
        for (int i = 0; i < before; i++)
        {
            live += Live[i];
        }

        return live;
    }
}
