using Krewe.Simulation.Model;

namespace Krewe.Simulation.Checks;

/// <summary>
/// Decides whether the operations on one register are linearizable: the search of Wing and Gong (1993) with the memory of Lowe (2017), as
/// used by Knossos and Porcupine. Exact. An operation without an answer may take effect at any time after its invocation, or never.
/// </summary>
internal static class RegisterChecker
{
    public static bool IsLinearizable(IReadOnlyList<KvOperation> history)
    {
        // A read without an answer tells nothing.
        KvOperation[] operations = [.. history.Where(o => o.Kind != KvKind.Get || o.IsComplete)];
        Array.Sort(operations, (a, b) => a.InvokedAt.CompareTo(b.InvokedAt));
        return new Search(operations).Run();
    }

    private sealed class Search(KvOperation[] operations)
    {
        private readonly HashSet<State> _seen = [];
        private readonly ulong[] _done = new ulong[(operations.Length + 63) / 64];
        private readonly int _answered = operations.Count(o => o.IsComplete);

        public bool Run() => Visit(0, value: 0, answered: 0);

        private bool Visit(int firstOpen, ulong value, int answered)
        {
            if (answered == _answered)
            {
                return true;
            }

            while (IsDone(firstOpen))
            {
                firstOpen++;
            }

            // Nothing that was invoked after the earliest open answer may go before it.
            long horizon = long.MaxValue;
            for (int i = firstOpen; i < operations.Length && operations[i].InvokedAt < horizon; i++)
            {
                if (!IsDone(i))
                {
                    horizon = Math.Min(horizon, operations[i].CompletedAt);
                }
            }

            for (int i = firstOpen; i < operations.Length && operations[i].InvokedAt <= horizon; i++)
            {
                if (IsDone(i) || !TryApply(operations[i], value, out ulong next))
                {
                    continue;
                }

                Toggle(i);
                if (_seen.Add(new State((ulong[])_done.Clone(), next))
                    && Visit(firstOpen, next, answered + (operations[i].IsComplete ? 1 : 0)))
                {
                    return true;
                }

                Toggle(i);
            }

            return false;
        }

        private static bool TryApply(KvOperation operation, ulong value, out ulong next)
        {
            next = value;
            switch (operation.Kind)
            {
                case KvKind.Put:
                    next = operation.Value;
                    return true;
                case KvKind.Get:
                    return operation.Result == value;
                default:
                    bool swaps = value == operation.Expected;
                    next = swaps ? operation.Value : value;

                    // Without an answer a swap that does nothing need not be tried: leaving it out is the same.
                    return operation.IsComplete ? swaps == (operation.Result == 1) : swaps;
            }
        }

        private bool IsDone(int i) => i < operations.Length && (_done[i >> 6] & (1UL << (i & 63))) != 0;

        private void Toggle(int i) => _done[i >> 6] ^= 1UL << (i & 63);
    }

    private sealed class State(ulong[] done, ulong value) : IEquatable<State>
    {
        private readonly ulong[] _done = done;
        private readonly ulong _value = value;

        public bool Equals(State? other) => other is not null && _value == other._value && _done.AsSpan().SequenceEqual(other._done);

        public override bool Equals(object? obj) => Equals(obj as State);

        public override int GetHashCode()
        {
            ulong hash = _value;
            foreach (ulong word in _done)
            {
                hash = (hash ^ word) * 0x9E3779B97F4A7C15;
                hash ^= hash >> 29;
            }

            return (int)hash;
        }
    }
}
