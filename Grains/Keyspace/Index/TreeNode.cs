namespace Krewe.Grains.Keyspace.Index;

/// <summary>A node of the <see cref="KeyTree"/>.</summary>
internal abstract class TreeNode
{
    /// <summary>Most records of a leaf and most children of an inner node.</summary>
    public const int Capacity = 64;

    /// <summary>A node with fewer entries joins a neighbour if both fit into one.</summary>
    public const int MinFill = Capacity / 4;

    /// <summary>Records of a leaf, children of an inner node.</summary>
    public int Count { get; protected set; }

    /// <summary>Live keys below.</summary>
    public abstract long SumLive();
}
