namespace Krewe.Grains.Keyspace.Index;

/// <summary>A leaf: records in ascending key order, and a link to the next leaf.</summary>
internal sealed class LeafNode : TreeNode
{
    // One place more than the capacity: a leaf overflows first and is split then.
    public KeyRecord[] Records { get; } = new KeyRecord[Capacity + 1];

    public LeafNode? Next { get; set; }

    /// <summary>Position of the first record at or after the key.</summary>
    public int LowerBound(ReadOnlySpan<byte> key, out bool found)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Records[middle].Key.AsSpan().SequenceCompareTo(key);
            if (order == 0)
            {
                found = true;
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        found = false;
        return low;
    }

    public void Insert(int position, KeyRecord record)
    {
        Array.Copy(Records, position, Records, position + 1, Count - position);
        Records[position] = record;
        Count++;
    }

    public void RemoveAt(int position)
    {
        Count--;
        Array.Copy(Records, position + 1, Records, position, Count - position);
        Records[Count] = null!;
    }

    /// <summary>Moves the upper half into a new leaf to the right.</summary>
    public LeafNode Split()
    {
        var right = new LeafNode { Next = Next };
        int keep = Count / 2;
        right.Count = Count - keep;
        Array.Copy(Records, keep, right.Records, 0, right.Count);
        Array.Clear(Records, keep, right.Count);
        Count = keep;
        Next = right;
        return right;
    }

    /// <summary>Takes over all records of the leaf to the right.</summary>
    public void Absorb(LeafNode right)
    {
        Array.Copy(right.Records, 0, Records, Count, right.Count);
        Count += right.Count;
        Next = right.Next;
    }

    public override long SumLive()
    {
        long live = 0;
        for (int i = 0; i < Count; i++)
        {
            live += Records[i].IsLive ? 1 : 0;
        }

        return live;
    }

    public long SumLive(int before)
    {
        long live = 0;
        for (int i = 0; i < before; i++)
        {
            live += Records[i].IsLive ? 1 : 0;
        }

        return live;
    }
}
