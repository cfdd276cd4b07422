using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Krewe.Silo.Peers;

/// <summary>One outgoing connection to a member with its queue: connects, writes what is queued in batches, and connects again.</summary>
internal sealed partial class PeerLane
{
    private readonly ulong _memberId;
    private readonly PeerLaneKind _kind;
    private readonly PeerDialer _dialer;
    private readonly PeerLimits _limits;
    private readonly Action<ulong> _unreachable;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ArrayBufferWriter<byte> _batch = new();
    private TaskCompletionSource _nudged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PeerLane(
        ulong memberId, PeerLaneKind kind, PeerDialer dialer, PeerLimits limits, Action<ulong> unreachable, TimeProvider time, ILogger logger)
    {
        _memberId = memberId;
        _kind = kind;
        _dialer = dialer;
        _limits = limits;
        _unreachable = unreachable;
        _time = time;
        _logger = logger;
        Queue = new PeerQueue(limits);
    }

    public PeerQueue Queue { get; }

    /// <summary>The peer was just heard of: a pause before the next attempt to connect ends.</summary>
    public void Nudge() => Volatile.Read(ref _nudged).TrySetResult();

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var delay = _limits.MinReconnectDelay;
        var wasConnected = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Queue.WaitAsync(cancellationToken).ConfigureAwait(false);
                var stream = await _dialer.ConnectAsync(_memberId, _kind, cancellationToken).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    LogConnected(_memberId, _kind);
                    wasConnected = true;
                    delay = _limits.MinReconnectDelay;
                    await WriteAsync(stream, cancellationToken).ConfigureAwait(false);
                }
            }
#pragma warning disable CA1031 // A lane that ended would silence this member towards the other one until it restarts.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                // Once for each time of being away, not for each attempt.
                if (wasConnected)
                {
                    LogLost(_memberId, _kind, e.Message);
                    wasConnected = false;
                }
            }

            Queue.Drop();
            Report();
            var next = delay * 2 < _limits.MaxReconnectDelay ? delay * 2 : _limits.MaxReconnectDelay;
            delay = await PauseAsync(delay, cancellationToken).ConfigureAwait(false) ? _limits.MinReconnectDelay : next;
        }
    }

    private void Report()
    {
        try
        {
            _unreachable(_memberId);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotReported(_memberId, e);
        }
    }

    /// <summary>Waits before the next attempt; true if the peer was heard of meanwhile.</summary>
    private async Task<bool> PauseAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var nudged = Volatile.Read(ref _nudged);
        await nudged.Task.WaitAsync(delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!nudged.Task.IsCompleted)
        {
            return false;
        }

        Volatile.Write(ref _nudged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return true;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(stream, closed);
        try
        {
            var inRow = 0;
            while (true)
            {
                var filled = Queue.WaitAsync(closed.Token);
                inRow = filled.IsCompleted ? inRow + 1 : 0;
                await filled.ConfigureAwait(false);
                if (inRow == _limits.MaxBatchesInRow)
                {
                    // The thread that sends here has other work to do than what others add meanwhile.
                    inRow = 0;
                    await Task.Yield();
                }

                Encode();
                await stream.WriteAsync(_batch.WrittenMemory, closed.Token).AsTask()
                    .WaitAsync(_limits.WriteTimeout, _time, closed.Token).ConfigureAwait(false);
            }
        }
        catch (TimeoutException e)
        {
            throw new IOException("the peer takes nothing", e);
        }
        finally
        {
            await closed.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    private void Encode()
    {
        _batch.ResetWrittenCount();
        while (_batch.WrittenCount < _limits.MaxBatchBytes && Queue.TryTake(out var frame))
        {
            if (frame.Kind == PeerFrameKind.Raft)
            {
                PeerFrame.Write(_batch, frame.Message);
            }
            else
            {
                PeerFrame.Write(_batch, frame.Kind, frame.Payload.Span);
            }
        }
    }

    /// <summary>The other side never sends, so that a read ends when it closes: sooner known than by the next write.</summary>
    private static async Task WatchAsync(Stream stream, CancellationTokenSource closed)
    {
        try
        {
            await stream.ReadAsync(new byte[1], closed.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed one way or the other.
        }

        await closed.CancelAsync().ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "connected to peer {MemberId:x} ({Lane})")]
    private partial void LogConnected(ulong memberId, PeerLaneKind lane);

    [LoggerMessage(Level = LogLevel.Error, Message = "could not report that peer {MemberId:x} is unreachable")]
    private partial void LogNotReported(ulong memberId, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "lost the connection to peer {MemberId:x} ({Lane}): {Reason}")]
    private partial void LogLost(ulong memberId, PeerLaneKind lane, string reason);
}
