using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Reads;

namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>
/// Keys as of the tail of the log: the overlay over the applied state. While the gate is held nothing else can be appended, so a key
/// that is not in the overlay stays as the index has it, whatever is applied meanwhile.
/// </summary>
internal sealed class TailView(Overlay overlay, int scanChunkKeys) : IKeyView
{
    /// <summary>The revision to read the newest versions at.</summary>
    public const long Latest = long.MaxValue;

    private readonly List<KeyState> _chunk = [];

    /// <summary>What is applied; set when a batch begins.</summary>
    public AppliedView Applied { get; set; } = null!;

    public bool TryGet(ReadOnlySpan<byte> key, long revision, out KeyState state)
    {
        if (overlay.TryGet(key, out PendingKey pending) && pending.Decides(revision, out bool lives, out state))
        {
            return lives;
        }

        return Applied.TryGet(key, revision, out state);
    }

    public long Count(in KeyInterval interval, long revision)
    {
        if (interval.IsSingle)
        {
            return TryGet(interval.Start.Span, revision, out _) ? 1 : 0;
        }

        return revision == Latest ? CountLatest(interval) : CountByScan(interval, revision);
    }

    public bool Scan(in KeyInterval interval, long revision, int max, List<KeyState> into, out ReadOnlyMemory<byte> resume)
    {
        List<PendingKey> pending = [];
        overlay.Collect(interval, pending);
        KeyInterval rest = interval;
        int next = 0;
        int end = max == int.MaxValue ? int.MaxValue : into.Count + max;
        bool done = false;
        resume = default;
        while (!done)
        {
            _chunk.Clear();
            done = Applied.Index.Scan(rest, revision, scanChunkKeys, int.MaxValue, _chunk, out ReadOnlyMemory<byte> last);
            foreach (KeyState applied in _chunk)
            {
                if (!AddPending(pending, ref next, applied.Key.Span, revision, end, into) && !AddApplied(pending, ref next, applied, revision, end, into))
                {
                    continue;
                }

                resume = into[^1].Key;
                return false;
            }

            if (!done)
            {
                rest = rest.After(last);
            }
        }

        if (AddPending(pending, ref next, default, revision, end, into))
        {
            resume = into[^1].Key;
            return false;
        }

        return true;
    }

    public KeyValue Complete(in KeyState state) => Applied.Complete(state);

    // Adds pending keys below the limit key, or all if it is empty. True when enough were added.
    private bool AddPending(
        List<PendingKey> pending, ref int next, ReadOnlySpan<byte> below, long revision, int end, List<KeyState> into)
    {
        while (next < pending.Count && (below.IsEmpty || pending[next].Key.Span.SequenceCompareTo(below) < 0))
        {
            if (TryGet(pending[next++].Key.Span, revision, out KeyState state))
            {
                into.Add(state);
                if (into.Count >= end)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool AddApplied(
        List<PendingKey> pending, ref int next, in KeyState applied, long revision, int end, List<KeyState> into)
    {
        KeyState state = applied;
        if (next < pending.Count && pending[next].Key.Span.SequenceEqual(applied.Key.Span))
        {
            if (!TryGet(pending[next++].Key.Span, revision, out state))
            {
                return false;
            }
        }

        into.Add(state);
        return into.Count >= end;
    }

    private long CountLatest(in KeyInterval interval)
    {
        List<PendingKey> pending = [];
        overlay.Collect(interval, pending);
        KeyIndex index = Applied.Index;

        // One hold of the lock: what is counted and what is corrected must be the same state.
        index.EnterRead();
        try
        {
            long count = index.CountNewestInside(interval);
            foreach (PendingKey key in pending)
            {
                bool was = index.Find(key.Key.Span) is { IsLive: true };
                bool lives = key.Latest.Version != 0;
                count += lives == was ? 0 : lives ? 1 : -1;
            }

            return count;
        }
        finally
        {
            index.ExitRead();
        }
    }

    private long CountByScan(KeyInterval interval, long revision)
    {
        List<KeyState> states = [];
        long count = 0;
        bool done = false;
        while (!done)
        {
            states.Clear();
            done = Scan(interval, revision, int.MaxValue, states, out ReadOnlyMemory<byte> resume);
            count += states.Count;
            interval = interval.After(resume);
        }

        return count;
    }
}
