using System.Net.Sockets;
using Krewe.Raft.Core;
using Krewe.Silo.Observability;
using Krewe.Silo.Peers;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Snapshots;

/// <summary>
/// Sends the snapshots that the core wants sent, at most one to a member at a time, and tells the core how it ended. It does not try again by
/// itself: the core does, with the same snapshot while that is good enough, and then the receiver goes on where it was.
/// </summary>
internal sealed partial class SnapshotSender : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, CancellationTokenSource> _running = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _slots;
    private readonly CheckpointSource _checkpoints;
    private readonly ISnapshotCore _core;
    private readonly Func<ulong, CancellationToken, Task<Stream>> _connect;
    private readonly Action<ulong, ulong> _arrived;
    private readonly SnapshotLimits _limits;
    private readonly PeerLimits _peerLimits;
    private readonly RatePacer _pacer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="checkpoints">The data.</param>
    /// <param name="core">Is told how transfers ended.</param>
    /// <param name="connect">Connects to a member's snapshot lane.</param>
    /// <param name="arrived">Called with a member and the index of a snapshot that it has got, before the core is told and the log behind it may go.</param>
    /// <param name="limits">Bounds of transfers.</param>
    /// <param name="peerLimits">Bounds of frames.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For the operator.</param>
    public SnapshotSender(
        CheckpointSource checkpoints,
        ISnapshotCore core,
        Func<ulong, CancellationToken, Task<Stream>> connect,
        Action<ulong, ulong> arrived,
        SnapshotLimits limits,
        PeerLimits peerLimits,
        TimeProvider time,
        ILogger logger)
    {
        _checkpoints = checkpoints;
        _core = core;
        _connect = connect;
        _arrived = arrived;
        _limits = limits;
        _peerLimits = peerLimits;
        _time = time;
        _logger = logger;
        _slots = new SemaphoreSlim(limits.MaxTransfers);
        _pacer = new RatePacer(limits.MaxBytesPerSecond, time);
    }

    public SnapshotMetrics Metrics { get; init; } = new();

    /// <summary>Starts a transfer in the background; one that still runs to the same member is given up. Under the core's lock.</summary>
    public void Send(Message message)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (_running.Remove(message.To, out var before))
            {
                before.Cancel();
            }

            var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            _running[message.To] = stop;
            var task = Task.Run(() => RunAsync(message, stop), CancellationToken.None);
            _tasks.Add(task);
            task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        lock (_gate)
        {
            _stopping.Cancel();
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private void Forget(Task task)
    {
        lock (_gate)
        {
            _tasks.Remove(task);
        }
    }

    private async Task<bool> MeasuredTransferAsync(Message message, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var arrived = false;
        Metrics.SendBegins(message.To);
        try
        {
            return arrived = await TransferAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Metrics.SendEnds(message.To, arrived, _time.GetElapsedTime(started));
        }
    }

    private async Task RunAsync(Message message, CancellationTokenSource stop)
    {
        var arrived = false;
        try
        {
            await _slots.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                arrived = await MeasuredTransferAsync(message, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or UnauthorizedAccessException
            or OperationCanceledException or ObjectDisposedException)
        {
            if (!stop.IsCancellationRequested)
            {
                LogFailed(message.To, message.Snapshot!.Index, e.Message);
            }
        }

        if (!arrived)
        {
            await Task.Delay(_limits.RetryDelay, _time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Report(message, arrived, stop);
    }

    private async Task<bool> TransferAsync(Message message, CancellationToken cancellationToken)
    {
        if (_checkpoints.TryAcquire(message.Snapshot!.Handle) is not { } checkpoint)
        {
            return false;
        }

        var arrived = false;
        try
        {
            var started = _time.GetTimestamp();
            var stream = await _connect(message.To, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var channel = new SnapshotChannel(stream, _peerLimits.MaxFrameBytes, _limits.ProgressTimeout, _time);
                using var upload = new SnapshotUpload(channel, checkpoint, _limits, _pacer, _time);
                var end = await upload.RunAsync(new SnapshotOffer(message, checkpoint.Manifest), cancellationToken).ConfigureAwait(false);
                LogEnded(checkpoint.Manifest.Index, message.To, end, upload.SentBytes, checkpoint.Manifest.TotalBytes, _time.GetElapsedTime(started));
                arrived = end is SnapshotEnd.Taken or SnapshotEnd.NotNeeded;
                if (arrived)
                {
                    // Before the checkpoint gives up its hold on the log.
                    _arrived(message.To, message.Snapshot.Index);
                }

                return arrived;
            }
        }
        finally
        {
            _checkpoints.Release(checkpoint, arrived);
        }
    }

    private void Report(Message message, bool arrived, CancellationTokenSource stop)
    {
        lock (_gate)
        {
            if (_running.GetValueOrDefault(message.To) != stop)
            {
                // Another transfer has taken this one's place: the core waits for that.
                stop.Dispose();
                return;
            }

            _running.Remove(message.To);
        }

        if (!stop.IsCancellationRequested)
        {
            _core.ReportSnapshot(message.To, arrived);
        }

        stop.Dispose();
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "transfer of the snapshot at index {Index} to {To:x} ended: {End}, {Sent} of {Total} bytes sent in {Took}")]
    private partial void LogEnded(ulong index, ulong to, SnapshotEnd end, long sent, long total, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message = "transfer of the snapshot at index {Index} to {To:x} broke off: {Reason}")]
    private partial void LogFailed(ulong to, ulong index, string reason);
}
