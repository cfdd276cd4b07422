using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Keyspace.Index;

namespace Krewe.Grains.Keyspace.Reads;

/// <summary>Evaluates the guards of transactions (behaviours 67, 88-91).</summary>
internal static class CompareEvaluator
{
    public static bool All(IKeyView view, IReadOnlyList<Compare> compares, long revision)
    {
        for (int i = 0; i < compares.Count; i++)
        {
            if (!Holds(view, compares[i], revision))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(IKeyView view, Compare compare, long revision)
    {
        var interval = KeyInterval.From(compare.Key, compare.RangeEnd);
        if (interval.IsSingle)
        {
            return view.TryGet(compare.Key.Span, revision, out KeyState state) ? Holds(view, compare, state) : HoldsForAbsent(compare);
        }

        bool any = false;
        bool done = false;
        List<KeyState> states = [];
        while (!done)
        {
            states.Clear();
            done = view.Scan(interval, revision, int.MaxValue, states, out ReadOnlyMemory<byte> resume);
            foreach (KeyState state in states)
            {
                if (!Holds(view, compare, state))
                {
                    return false;
                }
            }

            any |= states.Count > 0;
            interval = interval.After(resume);
        }

        return any || HoldsForAbsent(compare);
    }

    private static bool Holds(IKeyView view, Compare compare, in KeyState state)
    {
        int order = compare.Target switch
        {
            CompareTarget.Version => state.Version.CompareTo(compare.Number),
            CompareTarget.Create => state.Create.CompareTo(compare.Number),
            CompareTarget.Mod => state.Main.CompareTo(compare.Number),
            CompareTarget.Lease => view.Complete(state).Lease.CompareTo(compare.Number),
            CompareTarget.Value => view.Complete(state).Value.Span.SequenceCompareTo(compare.Value.Span),
            _ => 0,
        };
        return Fits(compare.Result, order);
    }

    // An absent key has no value to compare with, and 0 for the numbers (behaviour 89).
    private static bool HoldsForAbsent(Compare compare) =>
        compare.Target != CompareTarget.Value && Fits(compare.Result, 0L.CompareTo(compare.Number));

    private static bool Fits(CompareResult result, int order) => result switch
    {
        CompareResult.Equal => order == 0,
        CompareResult.NotEqual => order != 0,
        CompareResult.Greater => order > 0,
        CompareResult.Less => order < 0,
        _ => true,
    };
}
