using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Answers range requests from a view at a revision that the caller has checked (behaviours 15-38).</summary>
internal static class RangeEvaluator
{
    public static RangeResult Evaluate(IKeyView view, RangeRequest request, long revision, long headerRevision, long? knownCount = null)
    {
        var interval = KeyInterval.From(request.Key, request.RangeEnd);
        if (request.CountOnly)
        {
            return new RangeResult { Revision = headerRevision, Count = knownCount ?? view.Count(interval, revision) };
        }

        if (interval.IsSingle)
        {
            return EvaluateSingle(view, request, revision, headerRevision);
        }

        List<KeyState> states = [];
        bool complete = Collect(view, interval, revision, ScanLimit(request), states);
        long count = knownCount ?? (complete ? states.Count : view.Count(interval, revision));
        if (HasFilters(request))
        {
            states.RemoveAll(state => IsFilteredOut(request, state.Main, state.Create));
        }

        KeyValue[] kvs = IsByValue(request) ? SortByValue(view, request, states) : SortAndCut(view, request, states);
        return new RangeResult
        {
            Revision = headerRevision,
            Kvs = kvs,
            More = request.Limit > 0 && states.Count > request.Limit,
            Count = count,
        };
    }

    /// <summary>Makes the key-value pair of an answer.</summary>
    public static KeyValue Project(IKeyView view, RangeRequest request, in KeyState state)
    {
        if (!request.KeysOnly)
        {
            return view.Complete(state);
        }

        // Only a sort by value needs the stored pair, and then the lease comes with it (behaviour 26).
        return IsByValue(request) ? view.Complete(state) with { Value = default } : state.ToKeyOnly();
    }

    /// <summary>Whether a limit can be applied while scanning in key order (behaviours 28, 29).</summary>
    public static bool IsDefaultOrder(RangeRequest request) =>
        request.SortOrder == SortOrder.None || (request.SortOrder == SortOrder.Ascend && request.SortTarget == SortTarget.Key);

    public static bool HasFilters(RangeRequest request) =>
        request.MinModRevision != 0 || request.MaxModRevision != 0 || request.MinCreateRevision != 0 || request.MaxCreateRevision != 0;

    public static bool IsFilteredOut(RangeRequest request, long mod, long create) =>
        (request.MaxModRevision != 0 && mod > request.MaxModRevision)
        || (request.MinModRevision != 0 && mod < request.MinModRevision)
        || (request.MaxCreateRevision != 0 && create > request.MaxCreateRevision)
        || (request.MinCreateRevision != 0 && create < request.MinCreateRevision);

    private static RangeResult EvaluateSingle(IKeyView view, RangeRequest request, long revision, long headerRevision)
    {
        if (!view.TryGet(request.Key.Span, revision, out KeyState state))
        {
            return new RangeResult { Revision = headerRevision };
        }

        return IsFilteredOut(request, state.Main, state.Create)
            ? new RangeResult { Revision = headerRevision, Count = 1 }
            : new RangeResult { Revision = headerRevision, Count = 1, Kvs = new KeyValue[] { Project(view, request, state) } };
    }

    // One more than asked for tells whether there are more.
    private static int ScanLimit(RangeRequest request) =>
        request.Limit <= 0 || request.Limit >= int.MaxValue - 1 || !IsDefaultOrder(request) || HasFilters(request)
            ? int.MaxValue
            : (int)request.Limit + 1;

    private static bool Collect(IKeyView view, KeyInterval interval, long revision, int limit, List<KeyState> states)
    {
        while (true)
        {
            if (view.Scan(interval, revision, limit - states.Count, states, out ReadOnlyMemory<byte> resume))
            {
                return true;
            }

            if (states.Count >= limit)
            {
                return false;
            }

            interval = interval.After(resume);
        }
    }

    private static bool IsByValue(RangeRequest request) => request.SortTarget == SortTarget.Value;

    private static KeyValue[] SortAndCut(IKeyView view, RangeRequest request, List<KeyState> states)
    {
        if (request.SortTarget != SortTarget.Key || request.SortOrder == SortOrder.Descend)
        {
            int sign = request.SortOrder == SortOrder.Descend ? -1 : 1;
            states.Sort((a, b) => Compare(request.SortTarget, a, b) is var order && order != 0
                ? sign * order
                : a.Key.Span.SequenceCompareTo(b.Key.Span));
        }

        var kvs = new KeyValue[Cut(request, states.Count)];
        for (int i = 0; i < kvs.Length; i++)
        {
            kvs[i] = Project(view, request, states[i]);
        }

        return kvs;
    }

    private static KeyValue[] SortByValue(IKeyView view, RangeRequest request, List<KeyState> states)
    {
        var all = new KeyValue[states.Count];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = view.Complete(states[i]);
        }

        int sign = request.SortOrder == SortOrder.Descend ? -1 : 1;
        Array.Sort(all, (a, b) => a.Value.Span.SequenceCompareTo(b.Value.Span) is var order && order != 0
            ? sign * order
            : a.Key.Span.SequenceCompareTo(b.Key.Span));
        KeyValue[] kvs = all[..Cut(request, all.Length)];
        for (int i = 0; request.KeysOnly && i < kvs.Length; i++)
        {
            kvs[i] = kvs[i] with { Value = default };
        }

        return kvs;
    }

    private static int Cut(RangeRequest request, int count) => request.Limit > 0 && count > request.Limit ? (int)request.Limit : count;

    private static int Compare(SortTarget target, in KeyState a, in KeyState b) => target switch
    {
        SortTarget.Version => a.Version.CompareTo(b.Version),
        SortTarget.Create => a.Create.CompareTo(b.Create),
        SortTarget.Mod => a.Main.CompareTo(b.Main),
        _ => a.Key.Span.SequenceCompareTo(b.Key.Span),
    };
}
