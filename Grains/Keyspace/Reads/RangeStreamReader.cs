using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>
/// Reads a range in chunks at one revision (behaviours 43-52). It pins nothing between chunks: a compaction that passes its revision
/// ends it with Compacted (behaviour 49).
/// </summary>
public sealed class RangeStreamReader
{
    private const int FirstChunkKeys = 10;
    private const int MaxChunkKeys = 1 << 16;

    private readonly KeyspaceState _state;
    private readonly RangeRequest _request;
    private readonly int _targetChunkBytes;
    private readonly long _revision;
    private readonly long _headerRevision;
    private readonly long _count;
    private readonly List<KeyState> _states = [];
    private KeyInterval _interval;
    private long _left;
    private int _chunkKeys = FirstChunkKeys;

    internal RangeStreamReader(
        KeyspaceState state, RangeRequest request, int targetChunkBytes, long revision, long headerRevision, long count)
    {
        _state = state;
        _request = request;
        _targetChunkBytes = targetChunkBytes;
        _revision = revision;
        _headerRevision = headerRevision;
        _count = count;
        _interval = KeyInterval.From(request.Key, request.RangeEnd);
        _left = request.Limit > 0 ? request.Limit : long.MaxValue;
    }

    /// <summary>Whether the last chunk was read.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The next chunk; the last one carries revision, count and more. An error ends the stream.</summary>
    public KvOutcome Next()
    {
        if (_request.CountOnly)
        {
            IsDone = true;
            return new KvOutcome(new RangeResult { Revision = _headerRevision, Count = _count }, EtcdError.None);
        }

        return _state.WithPinnedView(_revision, this, static (view, reader) => reader.Read(view), out KvOutcome outcome)
            ? outcome
            : Fail(EtcdError.Compacted);
    }

    private KvOutcome Fail(EtcdError error)
    {
        IsDone = true;
        return new KvOutcome(null, error);
    }

    private KvOutcome Read(AppliedView view)
    {
        // One more than the chunk holds tells whether this is the last one.
        int wanted = (int)Math.Min(_left, _chunkKeys);
        bool end = Collect(view, wanted + 1);
        int taken = Math.Min(wanted, _states.Count);
        var kvs = new KeyValue[taken];
        long bytes = 0;
        for (int i = 0; i < taken; i++)
        {
            kvs[i] = RangeEvaluator.Project(view, _request, _states[i]);
            bytes += kvs[i].Key.Length + kvs[i].Value.Length;
        }

        bool more = !end || _states.Count > taken;
        _left -= taken;
        if (!more || _left == 0)
        {
            IsDone = true;
            return new KvOutcome(new RangeResult { Revision = _headerRevision, Kvs = kvs, Count = _count, More = more }, EtcdError.None);
        }

        _interval = _interval.After(_states[taken - 1].Key);
        AdjustChunk(bytes);
        return new KvOutcome(new RangeResult { Kvs = kvs }, EtcdError.None);
    }

    private bool Collect(AppliedView view, int limit)
    {
        _states.Clear();
        KeyInterval interval = _interval;
        while (true)
        {
            if (view.Scan(interval, _revision, limit - _states.Count, _states, out ReadOnlyMemory<byte> resume))
            {
                return true;
            }

            if (_states.Count >= limit)
            {
                return false;
            }

            interval = interval.After(resume);
        }
    }

    // Doubles or halves towards the size that is aimed at (behaviour 48).
    private void AdjustChunk(long bytes)
    {
        if (bytes < _targetChunkBytes / 2)
        {
            _chunkKeys = Math.Min(_chunkKeys * 2, MaxChunkKeys);
        }
        else if (bytes > _targetChunkBytes * 2L)
        {
            _chunkKeys = Math.Max(1, _chunkKeys / 2);
        }
    }
}
