using System.Security.Cryptography;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Raft.Core;

namespace Krewe.Silo.Replication;

/// <summary>
/// Read barriers that need a quorum's word. All reads that come while one round is under way share the next one (design, section 6).
/// A round asks again as soon as a leader is known, so that reads go on behind a change of leaders; only what has waited for the request timeout
/// fails, with LeaderChanged if there was a new leader meanwhile, else with Timeout (behaviour 353).
/// </summary>
/// <param name="request">Asks the core for a read index under a context that is never used twice; false if there is no leader.</param>
/// <param name="timeout">How long a read waits (behaviours 350, 353).</param>
/// <param name="retryInterval">Messages may be lost, so a round that got no answer is asked for again.</param>
/// <param name="time">The clock.</param>
internal sealed class ReadIndexRound(Func<ulong, bool> request, TimeSpan timeout, TimeSpan retryInterval, TimeProvider time)
{
    /// <summary>Longest pause between two attempts: etcd's.</summary>
    public static readonly TimeSpan MaxRetryInterval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private ulong _context = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private TaskCompletionSource _leaderKnown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _leaders;
    private Round? _running;
    private Round? _next;
    private bool _isClosed;

    private sealed class Round
    {
        public HashSet<ulong> Contexts { get; } = [];

        public TaskCompletionSource<ulong> Index { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Answers the index that must be applied before the read.</summary>
    public async Task<ulong> WaitAsync(CancellationToken cancellationToken)
    {
        Round round;
        var mustStart = false;
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new EtcdException(EtcdError.Stopped);
            }

            if (_running is null)
            {
                _running = new Round();
                round = _running;
                mustStart = true;
            }
            else
            {
                round = _next ??= new Round();
            }
        }

        var leaders = Interlocked.Read(ref _leaders);
        if (mustStart)
        {
            _ = DriveAsync(round);
        }

        try
        {
            return await round.Index.Task.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new EtcdException(Interlocked.Read(ref _leaders) == leaders ? EtcdError.Timeout : EtcdError.LeaderChanged);
        }
    }

    /// <summary>
    /// There is a leader where there was none or another one: what was asked before may be lost. Called under the node's lock: must not block.
    /// </summary>
    public void LeaderKnown()
    {
        Interlocked.Increment(ref _leaders);
        Interlocked.Exchange(ref _leaderKnown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Takes the core's answers. Called under the node's lock: must not block.</summary>
    public void Confirm(ReadOnlySpan<ReadState> states)
    {
        foreach (ref readonly var state in states)
        {
            lock (_gate)
            {
                if (_running is { } round && round.Contexts.Contains(state.Context))
                {
                    round.Index.TrySetResult(state.Index);
                }
            }
        }
    }

    /// <summary>Ends all waits: the member stops.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _running?.Index.TrySetException(new EtcdException(EtcdError.Stopped));
            _next?.Index.TrySetException(new EtcdException(EtcdError.Stopped));
        }
    }

    private async Task DriveAsync(Round first)
    {
        for (var round = first; round is not null; round = Advance())
        {
            var started = time.GetTimestamp();
            while (!round.Index.Task.IsCompleted)
            {
                var leaderKnown = Volatile.Read(ref _leaderKnown).Task;
                try
                {
                    request(NewContext(round));
                }
#pragma warning disable CA1031 // It ends this round's reads, and none that come after it.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    round.Index.TrySetException(e);
                }

                Task either = Task.WhenAny(round.Index.Task, leaderKnown);
                await either.WaitAsync(retryInterval, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (time.GetElapsedTime(started) >= timeout)
                {
                    // As its waiters do: they have waited for as long.
                    round.Index.TrySetException(new TimeoutException());
                }
            }

            _ = round.Index.Task.Exception; // observed: its waiters may all have given up
        }
    }

    private ulong NewContext(Round round)
    {
        lock (_gate)
        {
            round.Contexts.Add(++_context);
            return _context;
        }
    }

    private Round? Advance()
    {
        lock (_gate)
        {
            _running = _next;
            _next = null;
            return _running;
        }
    }
}
