using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Keyspace.Index;
using Krewe.Grains.Keyspace.Reads;

namespace Krewe.Grains.Keyspace;

public sealed partial class KeyspaceState
{
    /// <summary>Answers a range from the applied state: a <see cref="RangeResult"/>, FutureRevision or Compacted.</summary>
    public KvOutcome Range(RangeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Counters.CountRange();
        return request.Revision <= 0 ? RangeLatest(request) : RangeAt(request);
    }

    /// <summary>Opens a range to be read in chunks at one revision; null with an error if it can't be read.</summary>
    public RangeStreamReader? OpenRange(RangeRequest request, int targetChunkBytes, out EtcdError error)
    {
        ArgumentNullException.ThrowIfNull(request);
        var interval = KeyInterval.From(request.Key, request.RangeEnd);
        long count = View.CountLatest(interval, out long current);
        error = RangeRevision.Check(request.Revision, current, CompactRevision);
        if (error != EtcdError.None)
        {
            return null;
        }

        Counters.CountRange();
        long revision = request.Revision > 0 ? request.Revision : current;
        if (revision != current
            && !WithPinnedView(revision, interval, (view, within) => view.Count(within, revision), out count))
        {
            error = EtcdError.Compacted;
            return null;
        }

        return new RangeStreamReader(this, request, targetChunkBytes, revision, current, count);
    }

    /// <summary>Evaluates a transaction of which no branch writes, at one revision (behaviours 92-94).</summary>
    public KvOutcome ReadTxn(TxnRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        KvOutcome outcome = WithPinnedCompaction(
            request,
            static (view, txn, compactRevision) => ReadTxnEvaluator.Evaluate(view, txn, view.Index.Revision, compactRevision));
        if (outcome.Result is TxnResult result)
        {
            Counters.CountTransaction(result);
        }

        return outcome;
    }

    /// <summary>
    /// Events of an interval from one revision to another, both inclusive, with at most <paramref name="maxRevisions"/> revisions; what
    /// is missing is read by another call from <see cref="HistoryPage.NextRevision"/> (behaviours 117, 120, 121, 135).
    /// </summary>
    public HistoryPage History(long fromRevision, long toRevision, KeyInterval interval, int maxRevisions, bool withPrevKv)
    {
        long current = Revision;
        long to = Math.Min(toRevision, current);
        if (fromRevision > to)
        {
            return new HistoryPage(EtcdError.None, CompactRevision, [], fromRevision, current);
        }

        AppliedView view = PinView(fromRevision);
        try
        {
            long compactRevision = CompactRevision;
            if (fromRevision < compactRevision)
            {
                return new HistoryPage(EtcdError.Compacted, compactRevision, [], fromRevision, current);
            }

            var reader = new HistoryReader(view, interval, compactRevision, withPrevKv);
            long next = reader.Read(fromRevision, to, maxRevisions, _options.HistoryRowsPerRead, out IReadOnlyList<RevisionEvents> revisions);
            return new HistoryPage(EtcdError.None, compactRevision, revisions, next, current);
        }
        finally
        {
            view.Pins.Unpin(fromRevision);
        }
    }

    /// <summary>
    /// What the key of an event held before the event's revision; null for creations and where it was compacted (behaviour 131).
    /// </summary>
    public KeyValue? GetPrevKv(WatchEvent change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.PrevKv ?? (WithPinnedView(
            change.Kv.ModRevision - 1,
            change,
            (view, it) => HistoryReader.PrevKv(view, it.Kv, it.IsDelete, CompactRevision),
            out KeyValue? prev) ? prev : null);
    }

    /// <summary>Hashes the key history up to a revision, 0 for the current one (behaviours 276-278).</summary>
    public EtcdError HashKv(long revision, out KeyspaceHash hash)
    {
        (EtcdError error, hash) = WithPinnedCompaction(
            revision,
            (view, asked, compactRevision) =>
            {
                long current = view.Index.Revision;
                EtcdError refused = RangeRevision.Check(asked, current, compactRevision);
                return refused == EtcdError.None
                    ? (refused, KeyspaceHasher.HashKv(view, asked > 0 ? asked : current, compactRevision, current))
                    : (refused, default);
            });
        return error;
    }

    /// <summary>A hash of everything in the store; equal only for equal tables (behaviour 275). Reads all of it.</summary>
    public uint Hash() =>
        WithPinnedView(long.MaxValue, this, static (view, _) => KeyspaceHasher.HashAll(view.Store), out uint hash) ? hash : 0;

    /// <summary>Runs a read that needs a revision to stay. False if the revision is compacted.</summary>
    internal bool WithPinnedView<TArgument, TResult>(
        long revision, TArgument argument, Func<AppliedView, TArgument, TResult> read, out TResult result)
    {
        AppliedView view = PinView(revision);
        try
        {
            if (revision < CompactRevision)
            {
                result = default!;
                return false;
            }

            result = read(view, argument);
            return true;
        }
        finally
        {
            view.Pins.Unpin(revision);
        }
    }

    // Runs a read during which no compaction beyond the present one removes anything.
    private TResult WithPinnedCompaction<TArgument, TResult>(TArgument argument, Func<AppliedView, TArgument, long, TResult> read)
    {
        while (true)
        {
            long compactRevision = CompactRevision;
            AppliedView view = PinView(compactRevision);
            try
            {
                if (CompactRevision == compactRevision)
                {
                    return read(view, argument, compactRevision);
                }
            }
            finally
            {
                view.Pins.Unpin(compactRevision);
            }
        }
    }

    // The view that reads use, kept open by the pin until it is unpinned. Waits for the moment in which one view takes the place of another.
    private AppliedView PinView(long revision)
    {
        var wait = default(SpinWait);
        while (true)
        {
            AppliedView view = View;
            if (view.Pins.TryPin(revision))
            {
                return view;
            }

            wait.SpinOnce();
        }
    }

    private KvOutcome RangeLatest(RangeRequest request)
    {
        AppliedView view = View;
        var interval = KeyInterval.From(request.Key, request.RangeEnd);
        if (interval.IsSingle && TryRangeOne(view, request, out KvOutcome single))
        {
            return single;
        }

        while (true)
        {
            // Count and revision are of the same moment; the scan goes back to that revision by the keys' history. The view is looked up
            // each time: another one may have taken its place, whose compaction revision is above this one's latest.
            long count = View.CountLatest(interval, out long revision);
            if (WithPinnedView(revision, request, (pinned, it) => RangeEvaluator.Evaluate(pinned, it, revision, revision, count), out RangeResult result))
            {
                return new KvOutcome(result, EtcdError.None);
            }
        }
    }

    private KvOutcome RangeAt(RangeRequest request)
    {
        long current = Revision;
        EtcdError error = RangeRevision.Check(request.Revision, current, CompactRevision);
        if (error == EtcdError.None
            && WithPinnedView(
                request.Revision, request, (view, it) => RangeEvaluator.Evaluate(view, it, it.Revision, current), out RangeResult result))
        {
            return new KvOutcome(result, EtcdError.None);
        }

        return new KvOutcome(null, error == EtcdError.None ? EtcdError.Compacted : error);
    }

    // The hot read: one key, its value in memory. False if the store is needed.
    private static bool TryRangeOne(AppliedView view, RangeRequest request, out KvOutcome outcome)
    {
        outcome = default;
        if (!view.Index.TryGetLatest(request.Key.Span, out KeyState state, out long revision))
        {
            outcome = new KvOutcome(new RangeResult { Revision = revision }, EtcdError.None);
            return true;
        }

        if (!state.IsComplete || RangeEvaluator.HasFilters(request) || request.CountOnly)
        {
            return false;
        }

        KeyValue[] kvs = [RangeEvaluator.Project(view, request, state)];
        outcome = new KvOutcome(new RangeResult { Revision = revision, Kvs = kvs, Count = 1 }, EtcdError.None);
        return true;
    }
}
