using Krewe.Grains.Cluster.Codec;
using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Watch;

/// <summary>
/// Finds whoever wants a key: single keys by hash, ranges in a treap ordered by start and augmented with the greatest end, so that
/// a key costs O(log n + answers). Equal intervals share a node. Not thread-safe.
/// </summary>
public sealed class IntervalIndex<T>
    where T : class
{
    private readonly Dictionary<byte[], List<T>> _singles = new(ByteStringComparer.Instance);
    private readonly Dictionary<byte[], List<T>>.AlternateLookup<ReadOnlySpan<byte>> _singleLookup;
    private IntervalNode<T>? _root;

    // Balance only; answers don't depend on it.
    private uint _random = 2463534242;

    public IntervalIndex() => _singleLookup = _singles.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count { get; private set; }

    public void Add(in KeyInterval interval, T item)
    {
        Count++;
        if (!interval.IsSingle)
        {
            _root = Insert(_root, interval.Start.Span, End(interval), item);
        }
        else if (_singleLookup.TryGetValue(interval.Start.Span, out List<T>? items))
        {
            items.Add(item);
        }
        else
        {
            _singles.Add(interval.Start.ToArray(), [item]);
        }
    }

    /// <summary>False if it is not there.</summary>
    public bool Remove(in KeyInterval interval, T item)
    {
        bool removed = interval.IsSingle ? RemoveSingle(interval, item) : RemoveRange(interval, item);
        Count -= removed ? 1 : 0;
        return removed;
    }

    /// <summary>Adds all that want the key to the list; their order means nothing.</summary>
    public void Find(ReadOnlySpan<byte> key, List<T> into)
    {
        if (_singles.Count != 0 && _singleLookup.TryGetValue(key, out List<T>? items))
        {
            into.AddRange(items);
        }

        Visit(_root, key, into);
    }

    private static void Visit(IntervalNode<T>? node, ReadOnlySpan<byte> key, List<T> into)
    {
        while (node is not null && (node.MaxTo is null || key.SequenceCompareTo(node.MaxTo) < 0))
        {
            Visit(node.Left, key, into);
            if (key.SequenceCompareTo(node.From) < 0)
            {
                return;
            }

            if (node.To is null || key.SequenceCompareTo(node.To) < 0)
            {
                into.AddRange(node.Items);
            }

            node = node.Right;
        }
    }

    private static byte[]? End(in KeyInterval interval) => interval.Kind == KeyIntervalKind.Unbounded ? null : interval.End.ToArray();

    private bool RemoveSingle(in KeyInterval interval, T item)
    {
        if (!_singleLookup.TryGetValue(interval.Start.Span, out List<T>? items) || !RemoveUnordered(items, item))
        {
            return false;
        }

        if (items.Count == 0)
        {
            _singleLookup.Remove(interval.Start.Span);
        }

        return true;
    }

    private bool RemoveRange(in KeyInterval interval, T item)
    {
        byte[]? to = End(interval);
        IntervalNode<T>? node = _root;
        while (node is not null)
        {
            int order = node.CompareTo(interval.Start.Span, to);
            if (order == 0)
            {
                break;
            }

            node = order > 0 ? node.Left : node.Right;
        }

        if (node is null || !RemoveUnordered(node.Items, item))
        {
            return false;
        }

        if (node.Items.Count == 0)
        {
            _root = Delete(_root, interval.Start.Span, to);
        }

        return true;
    }

    private static bool RemoveUnordered(List<T> items, T item)
    {
        int index = items.IndexOf(item);
        if (index < 0)
        {
            return false;
        }

        items[index] = items[^1];
        items.RemoveAt(items.Count - 1);
        return true;
    }

    private IntervalNode<T> Insert(IntervalNode<T>? node, ReadOnlySpan<byte> from, byte[]? to, T item)
    {
        if (node is null)
        {
            var added = new IntervalNode<T>(from.ToArray(), to, NextPriority());
            added.Items.Add(item);
            return added;
        }

        int order = node.CompareTo(from, to);
        if (order == 0)
        {
            node.Items.Add(item);
            return node;
        }

        if (order > 0)
        {
            node.Left = Insert(node.Left, from, to, item);
            return node.Left.Priority > node.Priority ? RotateRight(node) : Updated(node);
        }

        node.Right = Insert(node.Right, from, to, item);
        return node.Right.Priority > node.Priority ? RotateLeft(node) : Updated(node);
    }

    private static IntervalNode<T>? Delete(IntervalNode<T>? node, ReadOnlySpan<byte> from, byte[]? to)
    {
        if (node is null)
        {
            return null;
        }

        int order = node.CompareTo(from, to);
        if (order == 0)
        {
            return Merge(node.Left, node.Right);
        }

        if (order > 0)
        {
            node.Left = Delete(node.Left, from, to);
        }
        else
        {
            node.Right = Delete(node.Right, from, to);
        }

        return Updated(node);
    }

    private static IntervalNode<T>? Merge(IntervalNode<T>? left, IntervalNode<T>? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        if (left.Priority > right.Priority)
        {
            left.Right = Merge(left.Right, right);
            return Updated(left);
        }

        right.Left = Merge(left, right.Left);
        return Updated(right);
    }

    private static IntervalNode<T> RotateRight(IntervalNode<T> node)
    {
        IntervalNode<T> top = node.Left!;
        node.Left = top.Right;
        top.Right = Updated(node);
        return Updated(top);
    }

    private static IntervalNode<T> RotateLeft(IntervalNode<T> node)
    {
        IntervalNode<T> top = node.Right!;
        node.Right = top.Left;
        top.Left = Updated(node);
        return Updated(top);
    }

    private static IntervalNode<T> Updated(IntervalNode<T> node)
    {
        node.Update();
        return node;
    }

    private uint NextPriority()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return _random;
    }
}
