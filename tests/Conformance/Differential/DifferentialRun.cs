using Google.Protobuf;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential;

/// <summary>Applies a script to both servers in lock step and stops at the first difference.</summary>
internal sealed class DifferentialRun : IAsyncDisposable
{
    private static readonly ByteString Pad = ByteString.CopyFromUtf8("pad");

    private readonly DiffTarget _etcd;
    private readonly DiffTarget _krewe;
    private readonly HashSet<long> _compactions = [];
    private readonly DiffState _state = new();
    private readonly List<string>? _log;

    public DifferentialRun(ServerPair pair, List<string>? log = null)
    {
        _etcd = new DiffTarget(pair.Etcd.Target);
        _krewe = new DiffTarget(pair.Krewe.Target);
        _log = log;
    }

    /// <summary>Operations done so far, the failing one included.</summary>
    public int Done { get; private set; }

    /// <summary>How often each kind ran and how often it succeeded, to show that a run tried something.</summary>
    public Dictionary<DiffOpKind, (int Calls, int Succeeded)> Counts { get; } = [];

    /// <summary>The first difference, or null.</summary>
    public async Task<string?> RunAsync(IEnumerable<int> seeds)
    {
        foreach (var seed in seeds)
        {
            var op = OpGenerator.Next(seed, _state);
            Done++;
            _log?.Add(op.ToString());
            if (await StepAsync(op) is { } difference)
            {
                return $"{op}\n{difference}";
            }
        }

        return await SyncAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _etcd.DisposeAsync();
        await _krewe.DisposeAsync();
    }

    private async Task<string?> StepAsync(DiffOp op)
    {
        switch (op.Kind)
        {
            case DiffOpKind.Sync:
                return await SyncAsync();
            case DiffOpKind.WatchCreate:
                return await CreateAsync(op);
            case DiffOpKind.WatchCancel:
                return await CancelAsync(op);
            case DiffOpKind.Compact:
                // Whether a watcher that catches up is cancelled, and whether prev_kv is still there, would be a race.
                return await SyncAsync() ?? await CallAsync(op);
            default:
                return await CallAsync(op);
        }
    }

    private async Task<string?> CallAsync(DiffOp op)
    {
        var krewe = _krewe.CallAsync(op);
        var (expected, answer) = await _etcd.CallAsync(op);
        var (actual, _) = await krewe;
        Count(op.Kind, answer is not null);
        if (expected != actual && (PeerPaths.SelfCheck || !IsKnown(op, expected, actual)))
        {
            return $"  etcd  {expected}\n  krewe {actual}";
        }

        Learn(op, answer);
        return null;
    }

    private bool IsKnown(DiffOp op, string expected, string actual) =>
        KnownDifferences.AreFaultsOfOneTxn(op.Request, expected, actual)
        || (op.Request is HashKVRequest hash && _compactions.Contains(hash.Revision));

    private void Count(DiffOpKind kind, bool succeeded)
    {
        var (calls, good) = Counts.GetValueOrDefault(kind);
        Counts[kind] = (calls + 1, good + (succeeded ? 1 : 0));
    }

    private void Learn(DiffOp op, IMessage? answer)
    {
        if (answer?.Descriptor.FindFieldByName("header")?.Accessor.GetValue(answer) is ResponseHeader header)
        {
            _state.Revision = header.Revision;
        }

        if (answer is CompactionResponse)
        {
            _state.Compacted = ((CompactionRequest)op.Request!).Revision;
            _compactions.Add(_state.Compacted);
        }
    }

    private async Task<string?> CreateAsync(DiffOp op)
    {
        var create = (WatchCreateRequest)op.Request!;
        if (await ControlAsync(op.Stream, new WatchRequest { CreateRequest = create }) is not { } answers)
        {
            return "unreachable";
        }

        if (answers.Difference is not null)
        {
            return answers.Difference;
        }

        Count(op.Kind, !answers.Etcd.Canceled);
        if (answers.Etcd.Canceled)
        {
            return null;
        }

        // The created answer comes before any event of the watcher (B115), but its revisions start anew only for us.
        _state.Watchers[op.Stream][answers.Etcd.WatchId] = create.StartRevision;
        if (create.StartRevision <= 0 || create.StartRevision >= _state.Compacted)
        {
            return null;
        }

        // Below the compaction it is cancelled right after (B120).
        _state.Watchers[op.Stream].Remove(answers.Etcd.WatchId);
        var cancelled = await ControlAsync(op.Stream, null);
        await ReleaseCompactedAsync(op.Stream, answers.Etcd.WatchId);
        return cancelled!.Value.Difference;
    }

    /// <summary>
    /// etcd keeps a watcher that compaction cancelled in its stream: it holds back progress for ever and its id stays taken
    /// until the client cancels it. No behaviour asks for that, so etcd alone is told to cancel it and its answer is dropped.
    /// </summary>
    private async Task ReleaseCompactedAsync(int stream, long watchId)
    {
        var cancel = new WatchRequest { CancelRequest = new WatchCancelRequest { WatchId = watchId } };
        await _etcd.Watches[stream].SendAsync(cancel);
        await _etcd.Watches[stream].ControlAsync();
        if (PeerPaths.SelfCheck)
        {
            await _krewe.Watches[stream].SendAsync(cancel);
            await _krewe.Watches[stream].ControlAsync();
        }
    }

    private async Task<string?> CancelAsync(DiffOp op)
    {
        var cancel = (WatchCancelRequest)op.Request!;
        var stream = _state.Watchers[op.Stream];
        if (!stream.ContainsKey(cancel.WatchId))
        {
            // Not answered (B125); an answer would show up before the next control answer.
            await SendAsync(op.Stream, new WatchRequest { CancelRequest = cancel });
            Count(op.Kind, false);
            return null;
        }

        // Events on their way when the cancel arrives may or may not come, so let them arrive first.
        if (await SyncAsync() is { } difference)
        {
            return difference;
        }

        Count(op.Kind, true);
        stream.Remove(cancel.WatchId);
        var answers = await ControlAsync(op.Stream, new WatchRequest { CancelRequest = cancel });
        _etcd.Watches[op.Stream].Forget(cancel.WatchId);
        _krewe.Watches[op.Stream].Forget(cancel.WatchId);
        return answers!.Value.Difference;
    }

    private async Task SendAsync(int stream, WatchRequest request) =>
        await Task.WhenAll(_etcd.Watches[stream].SendAsync(request), _krewe.Watches[stream].SendAsync(request));

    private async Task<(WatchResponse Etcd, string? Difference)?> ControlAsync(int stream, WatchRequest? request)
    {
        if (request is not null)
        {
            await SendAsync(stream, request);
        }

        var krewe = _krewe.Watches[stream].ControlAsync();
        var etcd = await _etcd.Watches[stream].ControlAsync();
        var canon = new Canon(0);
        var (expected, actual) = (canon.Write(etcd), canon.Write(await krewe));
        return (etcd, expected == actual ? null : $"  watch answer\n  etcd  {expected}\n  krewe {actual}");
    }

    /// <summary>Brings all watchers up to date, then compares what each has received since the last time.</summary>
    private async Task<string?> SyncAsync()
    {
        // A watcher of the future holds progress back, and a new revision tells fresh progress from stale, so at least one put.
        var ahead = _state.Watchers.SelectMany(w => w.Values).DefaultIfEmpty(0).Max() - _state.Revision;
        for (var i = Math.Max(1, ahead); i > 0; i--)
        {
            if (await CallAsync(new(DiffOpKind.Put, new PutRequest { Key = Pad })) is { } difference)
            {
                return $"pad put\n{difference}";
            }
        }

        for (var stream = 0; stream < DiffState.Streams; stream++)
        {
            if (_state.Watchers[stream].Count == 0)
            {
                continue;
            }

            var krewe = _krewe.Watches[stream].BarrierAsync(_state.Revision);
            var etcd = await _etcd.Watches[stream].BarrierAsync(_state.Revision);
            if (!await krewe || !etcd)
            {
                return $"  no progress on stream {stream} to revision {_state.Revision}: etcd {etcd} {_etcd.Watches[stream].Violation}, krewe {await krewe} {_krewe.Watches[stream].Violation}";
            }
        }

        Count(DiffOpKind.Sync, true);
        return CompareEvents();
    }

    private string? CompareEvents()
    {
        for (var stream = 0; stream < DiffState.Streams; stream++)
        {
            var etcd = _etcd.Watches[stream].TakeEvents();
            var krewe = _krewe.Watches[stream].TakeEvents();
            foreach (var id in etcd.Keys.Union(krewe.Keys))
            {
                var expected = etcd.GetValueOrDefault(id) ?? [];
                var actual = krewe.GetValueOrDefault(id) ?? [];
                if (!expected.SequenceEqual(actual))
                {
                    var at = expected.Zip(actual).TakeWhile(p => p.First == p.Second).Count();
                    return $"  stream {stream} watch {id}: {expected.Count} and {actual.Count} events, event {at} differs\n  etcd  {expected.ElementAtOrDefault(at)}\n  krewe {actual.ElementAtOrDefault(at)}";
                }
            }

            if ((_etcd.Watches[stream].Violation ?? _krewe.Watches[stream].Violation) is { } violation)
            {
                return $"  stream {stream}: {violation} ({(_krewe.Watches[stream].Violation is null ? "etcd" : "krewe")})";
            }
        }

        return null;
    }
}
