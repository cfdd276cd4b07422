using Krewe.Simulation.Engine;
using Krewe.Simulation.Model;

namespace Krewe.Simulation.Checks;

public sealed class RegisterCheckerTests
{
    [Fact]
    public void Reads_of_the_last_write_are_linearizable()
        => Assert.True(Check(Put(1, 0, 1), Get(1, 2, 3), Put(2, 4, 5), Get(2, 6, 7)));

    [Fact]
    public void A_stale_read_is_not() => Assert.False(Check(Put(1, 0, 1), Put(2, 2, 3), Get(1, 4, 5)));

    [Fact]
    public void A_read_during_a_write_may_see_either()
    {
        Assert.True(Check(Put(1, 0, 1), Put(2, 2, 9), Get(1, 3, 4)));
        Assert.True(Check(Put(1, 0, 1), Put(2, 2, 9), Get(2, 3, 4)));
    }

    [Fact]
    public void Two_reads_during_a_write_may_not_go_back()
        => Assert.False(Check(Put(1, 0, 1), Put(2, 2, 9), Get(2, 3, 4), Get(1, 5, 6)));

    [Fact]
    public void A_write_without_an_answer_may_take_effect_late_or_never()
    {
        Assert.True(Check(Put(1, 0, 1), Put(2, 2, RegisterOperation.Never), Get(1, 3, 4), Get(2, 5, 6)));
        Assert.True(Check(Put(1, 0, 1), Put(2, 2, RegisterOperation.Never), Get(1, 3, 4)));
        Assert.False(Check(Put(1, 0, 1), Put(2, 2, RegisterOperation.Never), Get(2, 3, 4), Get(1, 5, 6)));
    }

    [Fact]
    public void A_write_has_no_effect_before_it_is_invoked() => Assert.False(Check(Get(1, 0, 1), Put(1, 2, 3)));

    [Fact]
    public void Swaps_answer_truthfully()
    {
        Assert.True(Check(Put(1, 0, 1), Swap(1, 2, true, 2, 3), Get(2, 4, 5)));
        Assert.True(Check(Put(1, 0, 1), Swap(7, 2, false, 2, 3), Get(1, 4, 5)));
        Assert.False(Check(Put(1, 0, 1), Swap(1, 2, false, 2, 3)));
        Assert.False(Check(Put(1, 0, 1), Swap(7, 2, true, 2, 3)));
    }

    [Fact]
    public void Of_two_swaps_from_one_value_one_succeeds()
    {
        Assert.True(Check(Swap(0, 1, true, 0, 5), Swap(0, 2, false, 1, 6)));
        Assert.False(Check(Swap(0, 1, true, 0, 5), Swap(0, 2, true, 1, 6)));
    }

    [Fact]
    public void A_long_history_with_one_stale_read_is_found()
    {
        List<RegisterOperation> history = [];
        for (int i = 0; i < 500; i++)
        {
            history.Add(Put((ulong)i + 1, 4 * i, (4 * i) + 6));
            history.Add(Get((ulong)i + 1, (4 * i) + 7, (4 * i) + 8));
        }

        // Overlapping writes: each read may only see the last ones.
        Assert.True(RegisterChecker.IsLinearizable([Put(9, 0, 1), Get(9, 2, 3)]));
        history.Add(Get(1, 5000, 5001));
        Assert.False(RegisterChecker.IsLinearizable(history));
    }

    /// <summary>The checker leaves out orders on purpose: it must agree with trying all of them.</summary>
    [Fact]
    public void Random_histories_are_judged_as_by_trying_every_order()
    {
        int linearizable = 0;
        const int Histories = 20_000;
        for (ulong seed = 0; seed < Histories; seed++)
        {
            List<RegisterOperation> history = Draw(new SimRandom(seed));
            bool expected = TryEveryOrder(history, 0);
            Assert.True(expected == RegisterChecker.IsLinearizable(history), $"seed {seed}:\n{string.Join('\n', history)}");
            linearizable += expected ? 1 : 0;
        }

        Assert.InRange(linearizable, Histories / 20, Histories - (Histories / 20));
    }

    [Fact]
    public void Many_writes_without_an_answer_are_no_trouble()
    {
        List<RegisterOperation> history = [];
        for (int i = 0; i < 200; i++)
        {
            history.Add(Put((ulong)i + 1, 10 * i, RegisterOperation.Never));
            history.Add(Put((ulong)i + 1001, (10 * i) + 1, (10 * i) + 9));
        }

        history.Add(Get(7, 5000, 5001));
        Assert.True(RegisterChecker.IsLinearizable(history));
        history.Add(Get(8, 5002, 5003));
        history.Add(Get(7, 5004, 5005));
        Assert.False(RegisterChecker.IsLinearizable(history));
    }

    private static List<RegisterOperation> Draw(SimRandom random)
    {
        int count = random.Between(2, 6);
        List<RegisterOperation> history = [];
        long[] times = [.. Enumerable.Range(0, 2 * count).Select(i => (long)i)];
        random.Shuffle(times);
        for (int i = 0; i < count; i++)
        {
            RegisterKind kind = random.Pick(RegisterKind.Put, RegisterKind.CompareAndSwap, RegisterKind.Get);
            bool answered = kind == RegisterKind.Get || random.Chance(0.6);
            ulong some = (ulong)random.Below(count + 1);
            history.Add(new RegisterOperation
            {
                Kind = kind,
                Key = 0,
                Value = (ulong)i + 1,
                Expected = some,
                Result = kind == RegisterKind.Get ? some : (ulong)random.Below(2),
                InvokedAt = Math.Min(times[2 * i], times[(2 * i) + 1]),
                CompletedAt = answered ? Math.Max(times[2 * i], times[(2 * i) + 1]) : RegisterOperation.Never,
            });
        }

        return history;
    }

    private static bool TryEveryOrder(List<RegisterOperation> left, ulong value)
    {
        if (left.TrueForAll(o => !o.IsComplete))
        {
            return true;
        }

        long horizon = left.Min(o => o.CompletedAt);
        foreach (RegisterOperation next in left.Where(o => o.InvokedAt <= horizon))
        {
            bool swaps = next.Kind == RegisterKind.CompareAndSwap && value == next.Expected;
            bool fits = next.Kind switch
            {
                RegisterKind.Put => true,
                RegisterKind.Get => next.Result == value,
                _ => !next.IsComplete || swaps == (next.Result == 1),
            };
            ulong after = next.Kind == RegisterKind.Put || swaps ? next.Value : value;
            if (fits && TryEveryOrder(left.FindAll(o => o != next), after))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Check(params RegisterOperation[] history) => RegisterChecker.IsLinearizable(history);

    private static RegisterOperation Put(ulong value, long from, long to)
        => new() { Kind = RegisterKind.Put, Key = 0, Value = value, InvokedAt = from, CompletedAt = to };

    private static RegisterOperation Get(ulong result, long from, long to)
        => new() { Kind = RegisterKind.Get, Key = 0, Result = result, InvokedAt = from, CompletedAt = to };

    private static RegisterOperation Swap(ulong expected, ulong value, bool done, long from, long to) => new()
    {
        Kind = RegisterKind.CompareAndSwap,
        Key = 0,
        Expected = expected,
        Value = value,
        Result = done ? 1UL : 0,
        InvokedAt = from,
        CompletedAt = to,
    };
}
