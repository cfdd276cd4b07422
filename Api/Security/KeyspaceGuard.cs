using System.Runtime.CompilerServices;
using Krewe.Api.Grpc;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Security;

/// <summary>
/// The keyspace behind permission checks. With auth off a call goes straight through. With auth on a read is checked behind its read barrier and
/// once more after it, and a write carries what it was judged by, so that the leader refuses it where permissions have changed by its place in the
/// log; it is judged anew then.
/// </summary>
internal sealed class KeyspaceGuard(IKeyspaceClient keyspace, AuthGuard guard, TimeProvider time)
{
    /// <summary>How often a write is judged anew while permissions change, before the client is told so.</summary>
    public const int MaxAttempts = 1000;

    /// <summary>An appended auth command is applied about this soon.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(5);

    public ValueTask<KvResult> WriteAsync(GrpcCall call, KvOperation operation) =>
        guard.View.Enabled ? WriteCheckedAsync(call, operation) : keyspace.WriteAsync(operation, call.CancellationToken);

    public ValueTask<RangeResult> RangeAsync(GrpcCall call, RangeRequest request) =>
        guard.View.Enabled ? RangeCheckedAsync(call, request) : keyspace.RangeAsync(request, call.CancellationToken);

    public ValueTask<TxnResult> ReadTxnAsync(GrpcCall call, TxnRequest request, bool serializable) =>
        guard.View.Enabled
            ? ReadTxnCheckedAsync(call, request, serializable)
            : keyspace.ReadTxnAsync(request, serializable, call.CancellationToken);

    /// <summary>Whether auth is off. What was read while it was, and is not any more, must be read again.</summary>
    public bool IsOpen => !guard.View.Enabled;

    /// <summary>Chunks of a range. A change of permissions ends the stream with AuthOldRevision (behaviour 209).</summary>
    public IAsyncEnumerable<RangeResult> RangeStreamAsync(GrpcCall call, RangeRequest request, int targetChunkBytes) =>
        guard.View.Enabled
            ? RangeStreamCheckedAsync(call, request, targetChunkBytes, call.CancellationToken)
            : RangeStreamOpenAsync(request, targetChunkBytes, call.CancellationToken);

    private async IAsyncEnumerable<RangeResult> RangeStreamOpenAsync(
        RangeRequest request, int targetChunkBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in keyspace.RangeStreamAsync(request, targetChunkBytes, cancellationToken))
        {
            AuthGuard.Require(guard.View.Enabled ? EtcdError.AuthChanged : EtcdError.None);
            yield return chunk;
        }
    }

    private async IAsyncEnumerable<RangeResult> RangeStreamCheckedAsync(
        GrpcCall call, RangeRequest request, int targetChunkBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!request.Serializable)
        {
            await guard.Client.ReadBarrierAsync(cancellationToken);
        }

        var view = guard.View;
        var identity = await guard.IdentifyAsync(call, view);
        AuthGuard.Require(view.CheckRead(identity, request.Key.Span, request.RangeEnd.Span));
        await foreach (var chunk in keyspace.RangeStreamAsync(request.AsSerializable(), targetChunkBytes, cancellationToken))
        {
            RequireUnchanged(view);
            yield return chunk;
        }

        RequireUnchanged(view);
    }

    private async ValueTask<RangeResult> RangeCheckedAsync(GrpcCall call, RangeRequest request)
    {
        if (!request.Serializable)
        {
            await guard.Client.ReadBarrierAsync(call.CancellationToken);
        }

        var view = guard.View;
        var identity = await guard.IdentifyAsync(call, view);
        AuthGuard.Require(view.CheckRead(identity, request.Key.Span, request.RangeEnd.Span));
        var result = await keyspace.RangeAsync(request.AsSerializable(), call.CancellationToken);
        RequireUnchanged(view);
        return result;
    }

    private async ValueTask<TxnResult> ReadTxnCheckedAsync(GrpcCall call, TxnRequest request, bool serializable)
    {
        if (!serializable)
        {
            await guard.Client.ReadBarrierAsync(call.CancellationToken);
        }

        var view = guard.View;
        var identity = await guard.IdentifyAsync(call, view);
        AuthGuard.Require(KvPermissions.Check(guard.Client, view, identity, request));
        var result = await keyspace.ReadTxnAsync(request, serializable: true, call.CancellationToken);
        RequireUnchanged(view);
        return result;
    }

    private async ValueTask<KvResult> WriteCheckedAsync(GrpcCall call, KvOperation operation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (attempt > 1 || KvPermissions.DependsOnLeases(operation))
            {
                // What was attached to the lease before this request came must be seen, wherever it was done.
                await guard.Client.ReadBarrierAsync(call.CancellationToken);
            }

            var view = guard.View;
            var identity = await guard.IdentifyAsync(call, view);
            AuthGuard.Require(KvPermissions.Check(guard.Client, view, identity, operation));
            operation.AuthStamp = view.Stamp;
            try
            {
                return await keyspace.WriteAsync(operation, call.CancellationToken);
            }
            catch (EtcdException e) when (e.Error == EtcdError.AuthChanged)
            {
                if (attempt == MaxAttempts)
                {
                    throw new EtcdException(EtcdError.AuthOldRevision);
                }
            }

            await Task.Delay(RetryDelay, time, call.CancellationToken);
        }
    }

    private void RequireUnchanged(IAuthView view)
    {
        var now = guard.View;
        if (!ReferenceEquals(now, view) && now.Enabled && now.Revision != view.Revision)
        {
            throw new EtcdException(EtcdError.AuthOldRevision);
        }
    }
}
