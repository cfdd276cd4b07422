using System.Runtime.InteropServices;
using Krewe.Raft.Core;
using Krewe.Raft.Log;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Replication;

/// <summary>
/// The only thread that writes the log: takes all Readys that queued while the last fdatasync ran, writes them with one call where it
/// can, and syncs once (group commit; design, section 3).
/// </summary>
internal sealed partial class LogWriter : IDisposable
{
    private sealed record ReleaseRequest(SnapshotMarker Marker);

    private readonly WriteAheadLog _log;
    private readonly ReplicationOptions _options;
    private readonly ILogger _logger;
    private readonly StorageWorkQueue _queue = new();
    private readonly Action<IReadOnlyList<Ready>> _durable;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly List<Entry> _entries = [];
    private HardState? _hardState;
    private ReleaseRequest? _release;
    private volatile bool _isDiskFull;

    /// <param name="log">The open log; owned by the writer's thread from <see cref="Start"/> on, and disposed of at the end.</param>
    /// <param name="options">Retry delay.</param>
    /// <param name="durable">Called on the writer's thread with Readys whose storage work is durable, in order.</param>
    /// <param name="failed">Called once when the log failed for good: nothing more becomes durable.</param>
    /// <param name="logger">For the disk's troubles.</param>
    public LogWriter(
        WriteAheadLog log,
        ReplicationOptions options,
        Action<IReadOnlyList<Ready>> durable,
        Action<Exception> failed,
        ILogger logger)
    {
        _log = log;
        _options = options;
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

    public void Add(Ready ready) => _queue.Add(ready);

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
        var work = new List<Ready>();
        try
        {
            while (_queue.TakeAll(ref work))
            {
                if (!Write(work))
                {
                    return;
                }

                _durable(work);
                work.Clear();
                ReleaseIfAsked();
            }
        }
#pragma warning disable CA1031 // Any failure here means that nothing can be made durable any more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failed(e);
        }
        finally
        {
            _log.Dispose();
        }
    }

    /// <summary>Makes the work durable; false if the member stops while the disk is full.</summary>
    private bool Write(List<Ready> work)
    {
        var mustSync = false;
        foreach (var ready in work)
        {
            // A commit index alone is advisory: it rides along with the next write.
            _hardState = ready.HardState ?? _hardState;
            mustSync |= ready.MustSync;
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

        if (!mustSync)
        {
            return true;
        }

        if (!AppendWithRetry())
        {
            return false;
        }

        _log.Sync();
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
                if (_stopping.Wait(_options.DiskFullRetryDelay))
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
                _log.Append(CollectionsMarshal.AsSpan(_entries), CoveredHardState());
                _entries.Clear();
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
                if (_stopping.Wait(_options.DiskFullRetryDelay))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>The pending hard state, with its commit index held back to what this write covers.</summary>
    private HardState? CoveredHardState()
    {
        if (_hardState is not { } state)
        {
            return null;
        }

        var last = _entries.Count > 0 ? _entries[^1].Index : _log.LastIndex;
        if (state.Commit <= last)
        {
            _hardState = null;
            return state;
        }

        return state with { Commit = last };
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
