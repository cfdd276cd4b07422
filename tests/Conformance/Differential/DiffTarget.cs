using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Differential;

/// <summary>One server of a run with its long-lived streams.</summary>
internal sealed class DiffTarget : IAsyncDisposable
{
    private readonly IEtcdTarget _target;
    private readonly Canon _canon = new(0);
    private readonly AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> _keepAlive;

    public DiffTarget(IEtcdTarget target)
    {
        _target = target;
        _keepAlive = target.Lease.LeaseKeepAlive();
        Watches = [.. Enumerable.Range(0, DiffState.Streams).Select(_ => new WatchMirror(target))];
    }

    public IReadOnlyList<WatchMirror> Watches { get; }

    /// <summary>Calls and writes the normalised answer, or the error with code and text; null revision when it failed.</summary>
    public async Task<(string Text, IMessage? Answer)> CallAsync(DiffOp op)
    {
        try
        {
            var answer = await InvokeAsync(op);
            KnownDifferences.Normalise(op.Request, answer);
            return (_canon.Write(answer), answer);
        }
        catch (RpcException e)
        {
            return ($"error {e.StatusCode}: {e.Status.Detail}", null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _keepAlive.Dispose();
        foreach (var watch in Watches)
        {
            await watch.DisposeAsync();
        }
    }

    private async Task<IMessage> InvokeAsync(DiffOp op)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        return op.Kind switch
        {
            DiffOpKind.Range => await _target.Kv.RangeAsync((RangeRequest)op.Request!, deadline: deadline),
            DiffOpKind.Put => await _target.Kv.PutAsync((PutRequest)op.Request!, deadline: deadline),
            DiffOpKind.Delete => await _target.Kv.DeleteRangeAsync((DeleteRangeRequest)op.Request!, deadline: deadline),
            DiffOpKind.Txn => await _target.Kv.TxnAsync((TxnRequest)op.Request!, deadline: deadline),
            DiffOpKind.Compact => await _target.Kv.CompactAsync((CompactionRequest)op.Request!, deadline: deadline),
            DiffOpKind.LeaseGrant => await _target.Lease.LeaseGrantAsync((LeaseGrantRequest)op.Request!, deadline: deadline),
            DiffOpKind.LeaseRevoke => await _target.Lease.LeaseRevokeAsync((LeaseRevokeRequest)op.Request!, deadline: deadline),
            DiffOpKind.LeaseTimeToLive => await _target.Lease.LeaseTimeToLiveAsync((LeaseTimeToLiveRequest)op.Request!, deadline: deadline),
            DiffOpKind.LeaseLeases => await _target.Lease.LeaseLeasesAsync((LeaseLeasesRequest)op.Request!, deadline: deadline),
            DiffOpKind.HashKv => await _target.Maintenance.HashKVAsync((HashKVRequest)op.Request!, deadline: deadline),
            DiffOpKind.LeaseKeepAlive => await KeepAliveAsync((LeaseKeepAliveRequest)op.Request!),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op.Kind, "not a unary operation"),
        };
    }

    private async Task<IMessage> KeepAliveAsync(LeaseKeepAliveRequest request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _keepAlive.RequestStream.WriteAsync(request, limit.Token);
        await _keepAlive.ResponseStream.MoveNext(limit.Token);
        return _keepAlive.ResponseStream.Current;
    }
}
