using System.Runtime.InteropServices;
using Krewe.Grains.Keyspace.Storage;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Replication;

/// <summary>Whoever has its turn here is the only one that changes the state machine: applies what the core hands out as committed, in order, and tells who waits.</summary>
internal sealed partial class Applier : IDisposable
{
    /// <summary>Groups that somebody applies who has other work to do.</summary>
    private const int MaxGroupsInPlace = 1;

    /// <summary>A turn that takes longer for each group than this makes the next one the applier's own, until one is quicker again.</summary>
    private static readonly TimeSpan SlowInPlace = TimeSpan.FromMilliseconds(2);

    private readonly IStateMachine _machine;
    private readonly ReplicationOptions _options;
    private readonly CommittedQueue _queue = new();
    private readonly ApplyWaiters _waiters;
    private readonly AppliedIndexWaiters _applied;
    private readonly Action<IReadOnlyList<Entry>, IReadOnlyList<EntryOutcome>> _configure;
    private readonly Action<Entry, IReadOnlyList<Entry>> _appliedTo;
    private readonly Action _wokenUp;
    private readonly Action<Exception> _failed;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly List<EntryOutcome> _outcomes = [];
    private readonly object _turn = new();
    private List<Entry> _entries = [];
    private bool _hasEnded;
    private readonly TimeProvider _time;
    private volatile bool _isStoreFaulted;
    private volatile bool _isSlow;
    private long _slowApplies;

    /// <param name="machine">What to apply to.</param>
    /// <param name="options">Retry delay and when applying is slow.</param>
    /// <param name="time">Measures applying.</param>
    /// <param name="waiters">Who waits for entries.</param>
    /// <param name="applied">Who waits for the applied index.</param>
    /// <param name="configure">Called by whoever applies with each group that has membership changes, before anybody learns of them.</param>
    /// <param name="appliedTo">Called by whoever applies after each group with its last entry and all its entries.</param>
    /// <param name="wokenUp">Called by whoever applies after a wake-up and after each group.</param>
    /// <param name="failed">Called once when applying failed for good.</param>
    /// <param name="logger">For the store's troubles.</param>
    public Applier(
        IStateMachine machine,
        ReplicationOptions options,
        TimeProvider time,
        ApplyWaiters waiters,
        AppliedIndexWaiters applied,
        Action<IReadOnlyList<Entry>, IReadOnlyList<EntryOutcome>> configure,
        Action<Entry, IReadOnlyList<Entry>> appliedTo,
        Action wokenUp,
        Action<Exception> failed,
        ILogger logger)
    {
        _machine = machine;
        _options = options;
        _time = time;
        _waiters = waiters;
        _applied = applied;
        _configure = configure;
        _appliedTo = appliedTo;
        _wokenUp = wokenUp;
        _failed = failed;
        _logger = logger;
        _thread = new Thread(Run) { Name = "raft-apply", IsBackground = true };
    }

    /// <summary>Whether the store can't take what is committed, for want of space.</summary>
    public bool IsStoreFaulted => _isStoreFaulted;

    /// <summary>Groups of entries that took longer to apply than <see cref="ReplicationOptions.SlowApply"/>.</summary>
    public long SlowApplies => Interlocked.Read(ref _slowApplies);

    public void Start() => _thread.Start();

    public void Add(ReadOnlySpan<Entry> entries, bool wake) => _queue.Add(entries, wake);

    /// <summary>Has a snapshot installed in place of what waits; its marker is durable in the log.</summary>
    public void Add(SnapshotMetadata snapshot) => _queue.Add(snapshot);

    public void Wake() => _queue.Wake();

    public void Dispose()
    {
        _queue.Close();
        _stopping.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        // Whoever brought the last entries may be applying them.
        lock (_turn)
        {
            _hasEnded = true;
        }

        _stopping.Dispose();
    }

    /// <summary>
    /// Applies what is queued on this thread if nobody else is applying, and otherwise leaves it to the applier's thread: waking a thread costs
    /// more than applying a small group. What was slow of late is the applier's thread's, so that a slow store delays no acknowledgement of what the log
    /// holds.
    /// </summary>
    public void RunHereOrWake(bool mayRunHere)
    {
        // Installing a snapshot takes long, and the caller is the log's thread.
        if (!mayRunHere || _isSlow || _queue.HasSnapshot || !Monitor.TryEnter(_turn))
        {
            _queue.Wake();
            return;
        }

        try
        {
            TakeTurn(MaxGroupsInPlace);
        }
        finally
        {
            Monitor.Exit(_turn);
        }
    }

    /// <summary>The same if there is anything to apply, and nothing otherwise.</summary>
    public void ApplyHereOrWake()
    {
        if (_queue.HasWork)
        {
            RunHereOrWake(mayRunHere: true);
        }
    }

    private void Run()
    {
        while (_queue.Wait())
        {
            lock (_turn)
            {
                TakeTurn(int.MaxValue);
            }
        }
    }

    /// <summary>
    /// Holding the turn. Who brings more while it is taken wakes the applier's thread, so what is beyond <paramref name="maxGroups"/> is not left alone.
    /// </summary>
    private void TakeTurn(int maxGroups)
    {
        if (_hasEnded)
        {
            return;
        }

        var started = _time.GetTimestamp();
        var groups = 0;
        try
        {
            if (_entries.Count > 0)
            {
                groups++;
                if (!ApplyTaken())
                {
                    return;
                }
            }

            while (groups < maxGroups && _queue.TryTakeAll(ref _entries, out var snapshot))
            {
                if (snapshot is not null)
                {
                    Restore(snapshot);
                    continue;
                }

                groups++;
                if (!ApplyTaken())
                {
                    return;
                }
            }

            _machine.Idle();
            _wokenUp();
            if (groups > 0)
            {
                // A turn that found nothing says nothing of the store.
                _isSlow = _time.GetElapsedTime(started) > SlowInPlace * groups;
            }
        }
#pragma warning disable CA1031 // Any failure here means that nothing can be applied any more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _hasEnded = true;
            _failed(e);
        }
    }

    /// <summary>Applies what was taken. False if it must be tried again, or nothing is applied any more.</summary>
    private bool ApplyTaken()
    {
        if (!ApplyWithRetry(_entries))
        {
            return false;
        }

        Announce(_entries);
        _entries.Clear();
        return true;
    }

    private void Restore(SnapshotMetadata snapshot)
    {
        _machine.Restore(snapshot);
        _applied.Advance(snapshot.Index);
        _waiters.Skip(snapshot.Index);
        _appliedTo(new Entry(snapshot.Index, snapshot.Term, EntryKind.Normal, default), []);
        LogRestored(snapshot.Index);
    }

    private bool ApplyWithRetry(List<Entry> entries)
    {
        while (true)
        {
            try
            {
                _outcomes.Clear();
                var started = _time.GetTimestamp();
                _machine.Apply(CollectionsMarshal.AsSpan(entries), _outcomes);
                WarnIfSlow(_time.GetElapsedTime(started), entries.Count);
                if (_isStoreFaulted)
                {
                    _isStoreFaulted = false;
                    LogStoreWorksAgain();
                }

                return true;
            }
            catch (StoreFaultException e) when (e.IsDiskFull)
            {
                if (!_isStoreFaulted)
                {
                    _isStoreFaulted = true;
                    LogStoreFull(e);
                }

                if (Thread.CurrentThread != _thread)
                {
                    // Others have more to do than to wait for space.
                    _queue.Wake();
                    return false;
                }

                if (_stopping.Wait(_options.DiskFullRetryDelay))
                {
                    _hasEnded = true;
                    return false;
                }
            }
        }
    }

    private void WarnIfSlow(TimeSpan took, int entries)
    {
        if (took > _options.SlowApply)
        {
            Interlocked.Increment(ref _slowApplies);
            LogSlowApply(entries, took, _options.SlowApply);
        }
    }

    private void Announce(List<Entry> entries)
    {
        var last = entries[^1];
        if (HasConfChange(entries))
        {
            _configure(entries, _outcomes);
        }

        // First the index, then the outcomes: whoever learns of his write must find it in a read.
        _applied.Advance(last.Index);
        for (var i = 0; i < entries.Count; i++)
        {
            _waiters.Complete(entries[i].Index, entries[i].Term, _outcomes[i]);
        }

        _appliedTo(last, entries);
    }

    private static bool HasConfChange(List<Entry> entries)
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(entries))
        {
            if (entry.Kind == EntryKind.ConfChange)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "apply request took too long: {Entries} entries took {Took}, expected {Expected}")]
    private partial void LogSlowApply(int entries, TimeSpan took, TimeSpan expected);

    [LoggerMessage(Level = LogLevel.Information, Message = "installed the leader's snapshot at index {Index}")]
    private partial void LogRestored(ulong index);

    [LoggerMessage(Level = LogLevel.Error, Message = "the store's disk is full; nothing is applied until space is freed")]
    private partial void LogStoreFull(Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "the store takes writes again")]
    private partial void LogStoreWorksAgain();
}
