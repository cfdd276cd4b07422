using Krewe.Simulation.Model;

namespace Krewe.Simulation.Checks;

/// <summary>
/// Decides whether the operations on one register are linearizable: the search of Wing and Gong (1993) with the memory of Lowe (2017), as
/// used by Knossos and Porcupine. Exact. An operation without an answer may take effect at any time after its invocation, or never.
/// </summary>
/// <remarks>
/// Written values must be unique. Operations without an answer would make the search exponential, so one is only tried right before an
/// operation that observes it. Nothing is lost: take an order with the fewest of them. One that is followed by a put could be left out; one that
/// is followed by a swap that fails either way can be moved behind it, since it may take effect at any later time.
/// </remarks>
internal static class RegisterChecker
{
    /// <summary>
    /// States after which the search gives up. Histories of a sound core need a few thousand; one of many stale reads, as planted mistakes make them, can need more
    /// than there is memory.
    /// </summary>
    private const int MaxStates = 1_000_000;

    /// <exception cref="UndecidedException">The search took too many states.</exception>
    public static bool IsLinearizable(IReadOnlyList<RegisterOperation> history)
    {
        // A read without an answer tells nothing.
        RegisterOperation[] operations = [.. history.Where(o => o.Kind != RegisterKind.Get || o.IsComplete)];
        Array.Sort(operations, (a, b) => a.InvokedAt.CompareTo(b.InvokedAt));
        return new Search(operations).Run();
    }

    private sealed class Search(RegisterOperation[] operations)
    {
        /// <summary>No write: <see cref="ulong.MaxValue"/> is never a value.</summary>
        private const ulong Nothing = ulong.MaxValue;

        private readonly HashSet<State> _seen = [];
        private readonly ulong[] _done = new ulong[(operations.Length + 63) / 64];
        private readonly int _answered = operations.Count(o => o.IsComplete);

        public bool Run() => Visit(0, value: 0, answered: 0, unseenOver: Nothing);

        /// <param name="unseenOver">
        /// If the last operation has no answer: the value that it replaced, because the next one must observe that; else <see cref="Nothing"/>.
        /// </param>
        private bool Visit(int firstOpen, ulong value, int answered, ulong unseenOver)
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
                if (!IsDone(i) && MayComeNext(i, horizon, value, unseenOver, out ulong next) && Descend(i, firstOpen, value, next, answered))
                {
                    return true;
                }
            }

            return false;
        }

        private bool Descend(int i, int firstOpen, ulong value, ulong next, int answered)
        {
            bool complete = operations[i].IsComplete;
            ulong unseenOver = complete ? Nothing : value;
            if (_seen.Count >= MaxStates)
            {
                throw new UndecidedException($"not decided within {MaxStates} states whether {operations.Length} operations are linearizable");
            }

            Toggle(i);
            if (_seen.Add(new State((ulong[])_done.Clone(), next, unseenOver))
                && Visit(firstOpen, next, answered + (complete ? 1 : 0), unseenOver))
            {
                return true;
            }

            Toggle(i);
            return false;
        }

        private bool MayComeNext(int i, long horizon, ulong value, ulong unseenOver, out ulong next)
        {
            RegisterOperation operation = operations[i];
            return TryApply(operation, value, out next)
                && (unseenOver == Nothing || Observes(operation, value, unseenOver))
                && (operation.IsComplete || IsWanted(i, horizon, next, value));
        }

        /// <summary>Whether some operation that may come right after <paramref name="writer"/> observes it.</summary>
        private bool IsWanted(int writer, long horizon, ulong value, ulong replaced)
        {
            for (int i = 0; i < operations.Length && operations[i].InvokedAt <= horizon; i++)
            {
                if (i != writer && !IsDone(i) && Observes(operations[i], value, replaced))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether the operation could come after the value but not if it had not replaced what was before.</summary>
        private static bool Observes(RegisterOperation operation, ulong value, ulong replaced) => operation.Kind switch
        {
            RegisterKind.Put => false,
            RegisterKind.Get => operation.Result == value,
            _ when operation.IsComplete && operation.Result == 0 => operation.Expected == replaced && operation.Expected != value,
            _ => operation.Expected == value,
        };

        private static bool TryApply(RegisterOperation operation, ulong value, out ulong next)
        {
            next = value;
            switch (operation.Kind)
            {
                case RegisterKind.Put:
                    next = operation.Value;
                    return true;
                case RegisterKind.Get:
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

    private sealed class State(ulong[] done, ulong value, ulong unseenOver) : IEquatable<State>
    {
        private readonly ulong[] _done = done;
        private readonly ulong _value = value;
        private readonly ulong _unseenOver = unseenOver;

        public bool Equals(State? other) => other is not null
            && _value == other._value
            && _unseenOver == other._unseenOver
            && _done.AsSpan().SequenceEqual(other._done);

        public override bool Equals(object? obj) => Equals(obj as State);

        public override int GetHashCode()
        {
            ulong hash = _value + (_unseenOver * 31);
            foreach (ulong word in _done)
            {
                hash = (hash ^ word) * 0x9E3779B97F4A7C15;
                hash ^= hash >> 29;
            }

            return (int)hash;
        }
    }
}
