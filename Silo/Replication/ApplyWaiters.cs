using Krewe.Grains.Replication;

namespace Krewe.Silo.Replication;

/// <summary>
/// Who waits for which entry to be applied. Entries are appended and applied in index order, so this is a queue. Bounded by what the
/// core lets stand uncommitted.
/// </summary>
internal sealed class ApplyWaiters
{
    private readonly record struct Waiter(ulong Index, ulong Term, TaskCompletionSource<EntryOutcome> Completion);

    private readonly Lock _gate = new();
    private Queue<Waiter> _queue = new();
    private ulong _lastIndex;
    private bool _isClosed;

    /// <summary>The outcomes of the last entries, for those whom another member told where theirs stands.</summary>
    public RecentOutcomes Recent { get; } = new();

    /// <summary>Number of entries waited for.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Waits for an entry that was just appended.</summary>
    public Task<EntryOutcome> Add(ulong index, ulong term)
    {
        var completion = new TaskCompletionSource<EntryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isClosed)
            {
                completion.SetResult(new EntryOutcome(EntryStatus.Unknown));
                return completion.Task;
            }

            if (index <= _lastIndex)
            {
                DropReplaced(index, ulong.MaxValue);
            }

            _lastIndex = index;
            _queue.Enqueue(new Waiter(index, term, completion));
        }

        return completion.Task;
    }

    /// <summary>An entry of this term, another leader's, takes the place of everything of earlier terms from its index on in this member's log.</summary>
    public void Replace(ulong fromIndex, ulong term)
    {
        lock (_gate)
        {
            if (_queue.Count > 0 && fromIndex <= _lastIndex)
            {
                DropReplaced(fromIndex, term);
            }
        }
    }

    /// <summary>The entry at this index was applied; called for each index in order.</summary>
    public void Complete(ulong index, ulong term, in EntryOutcome result)
    {
        Recent.Add(index, term, result);
        while (TryTake(index, out var waiter))
        {
            var another = new EntryOutcome(waiter.Index == index ? EntryStatus.Lost : EntryStatus.Undecided);
            waiter.Completion.SetResult(waiter.Index == index && waiter.Term == term ? result : another);
        }
    }

    /// <summary>A snapshot took the place of everything up to this index: which entries are in it can't be told.</summary>
    public void Skip(ulong index)
    {
        Recent.SkipTo(index);
        while (TryTake(index, out var waiter))
        {
            waiter.Completion.SetResult(new EntryOutcome(EntryStatus.Undecided));
        }
    }

    /// <summary>The member stops: every outcome that is still open stays unknown.</summary>
    public void Close()
    {
        Queue<Waiter> open;
        lock (_gate)
        {
            _isClosed = true;
            open = _queue;
            _queue = new Queue<Waiter>();
        }

        Recent.Close();
        foreach (var waiter in open)
        {
            waiter.Completion.SetResult(new EntryOutcome(EntryStatus.Unknown));
        }
    }

    private bool TryTake(ulong index, out Waiter waiter)
    {
        lock (_gate)
        {
            if (!_queue.TryPeek(out waiter) || waiter.Index > index)
            {
                return false;
            }

            _queue.Dequeue();
            return true;
        }
    }

    /// <summary>
    /// Leadership was lost and won again meanwhile: what stood at these indexes is gone from this log. Another member may have it
    /// still, and commit it if it is elected before this one's new entries reach a quorum.
    /// </summary>
    private void DropReplaced(ulong fromIndex, ulong term)
    {
        var kept = new Queue<Waiter>();
        foreach (var waiter in _queue)
        {
            if (waiter.Index < fromIndex || waiter.Term >= term)
            {
                kept.Enqueue(waiter);
            }
            else
            {
                waiter.Completion.SetResult(new EntryOutcome(EntryStatus.Undecided));
            }
        }

        _queue = kept;
    }
}
