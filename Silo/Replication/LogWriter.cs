using System.Runtime.InteropServices;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Replication;

/// <summary>
/// Writes the log, one turn at a time: takes all Readys that queued while the last fdatasync ran, writes them with one call where it
/// can, and syncs once (group commit; design, section 3). Work that finds the log idle is written by the pool thread that brought it, as the next
/// thing it does: waking another thread costs a lone writer more than a tenth of his latency (decision 0003). While the disk is slow, or work never
/// ends, a thread of its own has the turn, so that the pool keeps its threads.
/// </summary>
internal sealed partial class LogWriter : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Groups that a pool thread writes in a row.</summary>
    private const int MaxGroupsOnPool = 64;

    /// <summary>A write that takes longer makes the pool thread pass the turn on.</summary>
    private static readonly TimeSpan SlowWrite = TimeSpan.FromMilliseconds(2);

    private sealed record ReleaseRequest(SnapshotMarker Marker);

    private readonly WriteAheadLog _log;
    private readonly ReplicationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StorageWorkQueue _queue = new();
    private readonly Action<IReadOnlyList<Ready>> _durable;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly List<Entry> _entries = [];
    private List<Ready> _work = [];
    private HardState? _hardState;
    private ReleaseRequest? _release;
    private int _written;
    private bool _mustSync;
    private bool _needsThread;
    private bool _hasEnded;
    private volatile bool _isDiskFull;

    /// <param name="log">The open log; owned by the writer from <see cref="Start"/> on, and disposed of at the end.</param>
    /// <param name="options">Retry delay.</param>
    /// <param name="time">Measures writes.</param>
    /// <param name="durable">Called in the turn with Readys whose storage work is durable, in order.</param>
    /// <param name="failed">Called once when the log failed for good: nothing more becomes durable.</param>
    /// <param name="logger">For the disk's troubles.</param>
    public LogWriter(
        WriteAheadLog log,
        ReplicationOptions options,
        TimeProvider time,
        Action<IReadOnlyList<Ready>> durable,
        Action<Exception> failed,
        ILogger logger)
    {
        _log = log;
        _options = options;
        _time = time;
        _durable = durable;
        _failed = failed;
        _logger = logger;
        _thread = new Thread(Run) { Name = "raft-log", IsBackground = true };
    }

    /// <summary>Whether the log waits for space: nothing more should be proposed.</summary>
    public bool IsDiskFull => _isDiskFull;

    /// <summary>Whether nothing waits to be written.</summary>
    public bool IsCaughtUp => _queue.IsEmpty;

    public void Start() => _thread.Start();

    public void Add(Ready ready)
    {
        if (_queue.Add(ready))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <summary>The turn of a pool thread.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        for (var groups = 0; groups < MaxGroupsOnPool; groups++)
        {
            var started = _time.GetTimestamp();
            if (!TryWriteGroup())
            {
                return;
            }

            if (_time.GetElapsedTime(started) > SlowWrite)
            {
                break;
            }
        }

        _queue.PassToThread();
    }

    /// <summary>Has the log forget entries up to the marker, at the writer's next turn: the store holds them.</summary>
    public void ReleaseTo(SnapshotMarker marker) => Interlocked.Exchange(ref _release, new ReleaseRequest(marker));

    /// <summary>Writes what is queued, closes the log and ends the thread.</summary>
    public void Dispose()
    {
        _queue.Close();
        _stopping.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stopping.Dispose();
    }

    private void Run()
    {
        while (_queue.WaitForTurn() && !_hasEnded)
        {
            while (TryWriteGroup())
            {
            }
        }

        if (!_hasEnded && _queue.TryTakeRest(ref _work))
        {
            WriteWork();
        }

        _log.Dispose();
    }

    /// <summary>In the turn: writes what is due. False, and the turn is over or passed on, if nothing is or nothing can be written any more.</summary>
    private bool TryWriteGroup() => !_hasEnded && (_work.Count > 0 || _queue.TryTakeAll(ref _work)) && WriteWork();

    private bool WriteWork()
    {
        try
        {
            if (Write(_work))
            {
                _durable(_work);
                _work.Clear();
                ReleaseIfAsked();
                return true;
            }

            if (_needsThread)
            {
                // It may go on before this returns.
                _needsThread = false;
                _queue.PassToThread();
                return false;
            }
        }
#pragma warning disable CA1031 // Any failure here means that nothing can be made durable any more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failed(e);
        }

        _hasEnded = true;
        _queue.PassToThread();
        return false;
    }

    /// <summary>
    /// Makes the work durable. False if the disk is full and the member stops, or the caller is not the thread that may wait for space: that one then goes on
    /// with the Ready that this got to.
    /// </summary>
    private bool Write(List<Ready> work)
    {
        for (; _written < work.Count; _written++)
        {
            var ready = work[_written];

            // A commit index alone is advisory: it rides along with the next write.
            _hardState = ready.HardState ?? _hardState;
            _mustSync |= ready.MustSync;
            if (ready.Snapshot is { } snapshot && !WriteSnapshot(snapshot))
            {
                return false;
            }

            if (_entries.Count > 0 && ready.Entries.Length > 0 && ready.Entries.Span[0].Index != _entries[^1].Index + 1)
            {
                if (!AppendWithRetry())
                {
                    return false;
                }
            }

            _entries.AddRange(ready.Entries.Span);
        }

        if (_mustSync)
        {
            if (!AppendWithRetry())
            {
                return false;
            }

            _log.Sync();
        }

        _written = 0;
        _mustSync = false;
        return true;
    }

    /// <summary>Has the log go on behind a snapshot of the leader's, whose data is stored already.</summary>
    private bool WriteSnapshot(SnapshotMetadata snapshot)
    {
        if (!AppendWithRetry())
        {
            return false;
        }

        while (true)
        {
            try
            {
                _log.AppendSnapshot(new SnapshotMarker(snapshot.Index, snapshot.Term, ConfStateCodec.Encode(snapshot.ConfState)));
                return true;
            }
            catch (DiskFullException)
            {
                if (!TryWaitForSpace())
                {
                    return false;
                }
            }
        }
    }

    private bool AppendWithRetry()
    {
        while (true)
        {
            try
            {
                var hardState = CoveredHardState();
                _log.Append(CollectionsMarshal.AsSpan(_entries), hardState);
                _entries.Clear();
                if (hardState == _hardState)
                {
                    // Only now: a term or a vote must not get lost with an attempt that found the disk full.
                    _hardState = null;
                }

                if (_isDiskFull)
                {
                    _isDiskFull = false;
                    LogDiskHasSpace();
                }

                return true;
            }
            catch (DiskFullException)
            {
                if (!_isDiskFull)
                {
                    _isDiskFull = true;
                    LogDiskFull();
                }

                ReleaseIfAsked();
                if (!TryWaitForSpace())
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Waits before the next attempt. False if the member stops, or this is a thread of the pool, which has others to serve.</summary>
    private bool TryWaitForSpace()
    {
        _needsThread = Thread.CurrentThread != _thread;
        return !_needsThread && !_stopping.Wait(_options.DiskFullRetryDelay);
    }

    /// <summary>The pending hard state, with its commit index held back to what this write covers.</summary>
    private HardState? CoveredHardState()
    {
        if (_hardState is not { } state)
        {
            return null;
        }

        var last = _entries.Count > 0 ? _entries[^1].Index : _log.LastIndex;
        return state.Commit <= last ? state : state with { Commit = last };
    }

    /// <summary>
    /// Forgets what the store holds. The marker may need a new segment that the disk has no space for: the request then stays and is
    /// tried again after the next write, or while the next write waits for space, which it may free.
    /// </summary>
    private void ReleaseIfAsked()
    {
        if (Volatile.Read(ref _release) is not { } request)
        {
            return;
        }

        if (request.Marker.Index < _log.FirstIndex)
        {
            // Asked for before the log went on behind a later snapshot.
            Interlocked.CompareExchange(ref _release, null, request);
            return;
        }

        try
        {
            _log.AppendSnapshot(request.Marker);
        }
        catch (DiskFullException)
        {
            return;
        }

        _log.ReleaseTo(request.Marker.Index + 1);
        Interlocked.CompareExchange(ref _release, null, request);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the write-ahead log's disk is full; writes are refused until space is freed")]
    private partial void LogDiskFull();

    [LoggerMessage(Level = LogLevel.Information, Message = "the write-ahead log's disk has space again")]
    private partial void LogDiskHasSpace();
}
