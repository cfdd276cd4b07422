using Krewe.Grains.Replication;

namespace Krewe.Silo.Replication;

/// <summary>
/// What applying said of the last entries, whoever proposed them: for proposals that another member appended to its log for this one,
/// and whose place is learnt before or after they are applied here.
/// </summary>
internal sealed class RecentOutcomes
{
    /// <summary>Entries that are remembered. An answer that comes later than so many entries leaves its outcome unknown.</summary>
    public const int Capacity = 4_096;

    private readonly Lock _gate = new();
    private readonly (ulong Index, ulong Term, EntryOutcome Outcome)[] _recent = new (ulong, ulong, EntryOutcome)[Capacity];
    private readonly Dictionary<ulong, List<(ulong Term, TaskCompletionSource<EntryOutcome> Completion)>> _waiters = [];
    private ulong _last;
    private bool _isClosed;

    /// <summary>The entry was applied; called for each index in order.</summary>
    public void Add(ulong index, ulong term, in EntryOutcome outcome)
    {
        List<(ulong Term, TaskCompletionSource<EntryOutcome> Completion)>? waiters;
        lock (_gate)
        {
            _recent[index % Capacity] = (index, term, outcome);
            _last = index;
            if (_waiters.Count == 0 || !_waiters.Remove(index, out waiters))
            {
                return;
            }
        }

        foreach (var (wanted, completion) in waiters)
        {
            completion.SetResult(wanted == term ? outcome : new EntryOutcome(EntryStatus.Lost));
        }
    }

    /// <summary>What became of the entry that a leader of <paramref name="term"/> appended at <paramref name="index"/>.</summary>
    public Task<EntryOutcome> WaitAsync(ulong index, ulong term)
    {
        lock (_gate)
        {
            if (index <= _last || _isClosed)
            {
                var (knownIndex, knownTerm, outcome) = _recent[index % Capacity];
                return Task.FromResult(knownIndex != index
                    ? new EntryOutcome(EntryStatus.Unknown)
                    : knownTerm == term ? outcome : new EntryOutcome(EntryStatus.Lost));
            }

            if (!_waiters.TryGetValue(index, out var waiters))
            {
                _waiters[index] = waiters = [];
            }

            var completion = new TaskCompletionSource<EntryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((term, completion));
            return completion.Task;
        }
    }

    /// <summary>A snapshot took the place of the entries up to <paramref name="index"/>.</summary>
    public void SkipTo(ulong index)
    {
        lock (_gate)
        {
            _last = index;
            foreach (var skipped in _waiters.Keys.Where(i => i <= index).ToArray())
            {
                _waiters.Remove(skipped, out var waiters);
                waiters!.ForEach(w => w.Completion.SetResult(new EntryOutcome(EntryStatus.Unknown)));
            }
        }
    }

    /// <summary>Nothing more is applied.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var (_, completion) in _waiters.Values.SelectMany(w => w))
            {
                completion.TrySetResult(new EntryOutcome(EntryStatus.Unknown));
            }

            _waiters.Clear();
        }
    }
}
