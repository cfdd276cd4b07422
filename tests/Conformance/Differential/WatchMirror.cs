using System.Threading.Channels;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential;

/// <summary>
/// One watch stream of one server: control answers are queued, events are collected for each watcher. It checks by itself
/// what needs no second server: revisions ascend, a revision is not split without fragment (B134), headers are not behind.
/// </summary>
internal sealed class WatchMirror : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;
    private readonly Channel<WatchResponse> _control = Channel.CreateUnbounded<WatchResponse>();
    private readonly Channel<long> _progress = Channel.CreateUnbounded<long>();
    private readonly SortedDictionary<long, List<string>> _events = [];
    private readonly Dictionary<long, (long Revision, bool Fragment)> _last = [];
    private readonly Lock _lock = new();
    private readonly Task _reader;
    private readonly Canon _canon = new(0);

    public WatchMirror(IEtcdTarget target)
    {
        _call = target.Watch.Watch(cancellationToken: _stop.Token);
        _reader = ReadAsync();
    }

    /// <summary>A broken promise of the watch contract, if one was seen.</summary>
    public string? Violation { get; private set; }

    public Task SendAsync(WatchRequest request) => _call.RequestStream.WriteAsync(request);

    /// <summary>The next created or cancelled answer.</summary>
    public async Task<WatchResponse> ControlAsync()
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            return await _control.Reader.ReadAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            return new WatchResponse { WatchId = -99, CancelReason = Violation ?? $"no control answer within {AnswerLimit}" };
        }
    }

    /// <summary>Asks for progress until an answer reaches the revision, so all events up to it have arrived (B144, B147).</summary>
    public async Task<bool> BarrierAsync(long revision)
    {
        var limit = DateTime.UtcNow + AnswerLimit;
        while (DateTime.UtcNow < limit && Violation is null)
        {
            await SendAsync(new WatchRequest { ProgressRequest = new WatchProgressRequest() });
            using var wait = new CancellationTokenSource(AskAgain);
            try
            {
                while (await _progress.Reader.ReadAsync(wait.Token) < revision)
                {
                }

                return true;
            }
            catch (OperationCanceledException)
            {
                // Dropped because a watcher still catches up: ask again.
            }
            catch (ChannelClosedException)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>All events since the last call, as one text a watcher.</summary>
    public SortedDictionary<long, List<string>> TakeEvents()
    {
        lock (_lock)
        {
            var taken = new SortedDictionary<long, List<string>>(_events);
            _events.Clear();
            return taken;
        }
    }

    /// <summary>A new watcher may reuse an id: its revisions start anew.</summary>
    public void Forget(long watchId)
    {
        lock (_lock)
        {
            _last.Remove(watchId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reader;
        _call.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_stop.Token))
            {
                Handle(_call.ResponseStream.Current);
            }

            Violation ??= "the server ended the watch stream";
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            Violation ??= _stop.IsCancellationRequested ? null : $"the watch stream failed: {e.Message}";
        }
        finally
        {
            _control.Writer.TryComplete();
            _progress.Writer.TryComplete();
        }
    }

    private void Handle(WatchResponse response)
    {
        if (response.Created || response.Canceled)
        {
            _control.Writer.TryWrite(response);
        }
        else if (response.Events.Count == 0)
        {
            _progress.Writer.TryWrite(response.Header.Revision);
        }
        else
        {
            Collect(response);
        }
    }

    private void Collect(WatchResponse response)
    {
        lock (_lock)
        {
            if (!_events.TryGetValue(response.WatchId, out var events))
            {
                _events[response.WatchId] = events = [];
            }

            var (last, fragment) = _last.GetValueOrDefault(response.WatchId);
            var first = response.Events[0].Kv.ModRevision;
            if (first < last || (first == last && !fragment))
            {
                Violation ??= $"watch {response.WatchId}: revision {first} in a new response after {last}";
            }

            foreach (var change in response.Events)
            {
                if (change.Kv.ModRevision < last)
                {
                    Violation ??= $"watch {response.WatchId}: revision {change.Kv.ModRevision} after {last}";
                }

                last = change.Kv.ModRevision;
                events.Add(_canon.Write(change));
            }

            if (response.Header.Revision < last)
            {
                Violation ??= $"watch {response.WatchId}: header {response.Header.Revision} is behind the event of {last}";
            }

            _last[response.WatchId] = (last, response.Fragment);
        }
    }
}
