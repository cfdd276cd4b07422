using Google.Protobuf;
using Krewe.Api.Grpc;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Lock;
using Krewe.Api.Services.Concurrency;

namespace Krewe.Api.Services;

/// <summary>v3lockpb.Lock (behaviours 290-297).</summary>
internal sealed class LockService(CandidateQueue queue, HeaderSource headers, StopSignal stop) : IGrpcService
{
    private const string Service = "v3lockpb.Lock";

    private static readonly GrpcStatus SessionExpired = PlainErrors.Text("mutex: session is expired");

    public IEnumerable<GrpcMethod> Methods =>
    [
        PlainErrors.Unary(Service, "Lock", LockRequest.Parser, stop, LockAsync),
        PlainErrors.Unary(Service, "Unlock", UnlockRequest.Parser, stop, UnlockAsync),
    ];

    private async ValueTask<GrpcStatus> LockAsync(GrpcCall call, LockRequest request)
    {
        var lease = await queue.LeaseAsync(call, request.Lease);
        var prefix = CandidateKey.PrefixOf(request.Name.Span);
        var key = CandidateKey.KeyOf(prefix, lease);
        var place = await queue.EnterAsync(call, prefix, key, default, lease);
        var revision = place.IsFirst
            ? place.Revision
            : await WaitAsync(call, prefix, key, place);
        if (revision is null)
        {
            return SessionExpired;
        }

        call.Write(new LockResponse { Header = headers.Proto(revision.Value), Key = UnsafeByteOperations.UnsafeWrap(key) });
        return GrpcStatus.Ok;
    }

    /// <summary>The revision at which the lock was seen to be held; null when the candidate's key went while it waited (behaviour 295).</summary>
    private async ValueTask<long?> WaitAsync(GrpcCall call, byte[] prefix, byte[] key, Candidacy place)
    {
        try
        {
            await queue.WaitForTurnAsync(call, prefix, place.CreateRevision);
            var held = await queue.GetAsync(call, key);
            return held.Kvs.Count > 0 ? held.Revision : null;
        }
        catch
        {
            // Who waits no longer must not get the lock later (behaviour 294); the call's own token may be what ended the wait.
            await queue.WithdrawAsync(key, place.CreateRevision);
            throw;
        }
    }

    private async ValueTask<GrpcStatus> UnlockAsync(GrpcCall call, UnlockRequest request)
    {
        if (request.Key.IsEmpty)
        {
            return PlainErrors.Text(ErrorMapping.Text(Grains.Interfaces.Errors.EtcdError.EmptyKey));
        }

        var revision = await queue.DeleteAsync(call, request.Key.Memory);
        call.Write(new UnlockResponse { Header = headers.Proto(revision) });
        return GrpcStatus.Ok;
    }
}
