using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Security;
using Krewe.Api.Validation;
using Krewe.Api.Wire;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using DeleteRangeRequest = Krewe.Grains.Interfaces.Kv.DeleteRangeRequest;
using PutRequest = Krewe.Grains.Interfaces.Kv.PutRequest;
using RangeRequest = Krewe.Grains.Interfaces.Kv.RangeRequest;
using TxnRequest = Krewe.Grains.Interfaces.Kv.TxnRequest;

namespace Krewe.Api.Services;

/// <summary>etcdserverpb.KV: validate, ask the keyspace, write the answer straight into the connection's buffer.</summary>
internal sealed class KvService(IKeyspaceClient keyspace, KeyspaceGuard guard, HeaderSource headers, ApiOptions options) : IGrpcService
{
    private const string Service = "etcdserverpb.KV";

    public IEnumerable<GrpcMethod> Methods =>
    [
        new UnaryMethod<RangeRequest>(Service, "Range", p => PayloadDecoder.Read(p, RangeRequestDecoder.Decode), RangeAsync)
        {
            AllowedOnLearnerFor = static r => r.Serializable,
        },
        new StreamMethod(Service, "RangeStream", GrpcMethodKind.ServerStream, RangeStreamAsync),
        new UnaryMethod<PutRequest>(Service, "Put", p => PayloadDecoder.Read(p, PutRequestDecoder.Decode), PutAsync),
        new UnaryMethod<DeleteRangeRequest>(
            Service, "DeleteRange", p => PayloadDecoder.Read(p, DeleteRangeRequestDecoder.Decode), DeleteRangeAsync),
        new UnaryMethod<TxnRequest>(Service, "Txn", p => PayloadDecoder.Read(p, TxnRequestDecoder.Decode), TxnAsync),
        new UnaryMethod<CompactionRequest>(Service, "Compact", CompactionRequest.Parser.ParseFrom, CompactAsync)
        {
            Access = GrpcAccess.Root,
        },
    ];

    private async ValueTask<GrpcStatus> RangeAsync(GrpcCall call, RangeRequest request)
    {
        var error = KvChecks.Range(request);
        if (error != EtcdError.None)
        {
            return ErrorMapping.ToStatus(error);
        }

        var isOpen = guard.IsOpen;
        var result = await guard.RangeAsync(call, request);
        if (isOpen && !guard.IsOpen)
        {
            // Auth was turned on before the range was read.
            result = await guard.RangeAsync(call, request);
        }

        await RangeResponseSender.SendAsync(call, headers.At(result.Revision), result);
        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> RangeStreamAsync(GrpcCall call)
    {
        var read = await call.ReadAsync(call.CancellationToken);
        if (!read.HasMessage)
        {
            return read.Failure;
        }

        var request = PayloadDecoder.Read(call.Request, RangeRequestDecoder.Decode);
        call.ReleaseRequest();
        var refusal = RangeStreamChecks.Check(request);
        if (!refusal.IsOk)
        {
            return refusal;
        }

        await SendChunksAsync(call, request);
        return GrpcStatus.Ok;
    }

    // One chunk is held back: only the last one has a header (behaviour 44).
    private async Task SendChunksAsync(GrpcCall call, RangeRequest request)
    {
        RangeResult? held = null;
        await foreach (var chunk in guard.RangeStreamAsync(call, request, options.MaxRequestBytes))
        {
            if (held is not null)
            {
                await RangeResponseSender.SendStreamedAsync(call, null, held);
            }

            held = chunk;
        }

        held ??= new RangeResult();
        await RangeResponseSender.SendStreamedAsync(call, headers.At(held.Revision), held);
    }

    private async ValueTask<GrpcStatus> PutAsync(GrpcCall call, PutRequest request)
    {
        var error = WriteCheck(call, KvChecks.Put(request));
        if (error != EtcdError.None)
        {
            return ErrorMapping.ToStatus(error);
        }

        var result = (PutResult)await guard.WriteAsync(call, request);
        Write(call, result);
        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> DeleteRangeAsync(GrpcCall call, DeleteRangeRequest request)
    {
        var error = WriteCheck(call, KvChecks.DeleteRange(request));
        if (error != EtcdError.None)
        {
            return ErrorMapping.ToStatus(error);
        }

        var result = (DeleteRangeResult)await guard.WriteAsync(call, request);
        Write(call, result);
        return GrpcStatus.Ok;
    }

    private async ValueTask<GrpcStatus> TxnAsync(GrpcCall call, TxnRequest request)
    {
        var error = TxnChecks.Check(request, options.MaxTxnOps);
        var isReadOnly = error == EtcdError.None && TxnShape.IsReadOnly(request);
        error = isReadOnly ? error : WriteCheck(call, error);
        if (error != EtcdError.None)
        {
            return ErrorMapping.ToStatus(error);
        }

        var result = isReadOnly ? await ReadTxnAsync(call, request) : (TxnResult)await guard.WriteAsync(call, request);
        Write(call, result);
        return GrpcStatus.Ok;
    }

    private async ValueTask<TxnResult> ReadTxnAsync(GrpcCall call, TxnRequest request)
    {
        var isOpen = guard.IsOpen;
        var result = await guard.ReadTxnAsync(call, request, TxnShape.IsSerializable(request));
        return isOpen && !guard.IsOpen ? await guard.ReadTxnAsync(call, request, TxnShape.IsSerializable(request)) : result;
    }

    private async ValueTask<GrpcStatus> CompactAsync(GrpcCall call, CompactionRequest request)
    {
        var result = await keyspace.CompactAsync(request.Revision, request.Physical, call.CancellationToken);
        call.Write(new CompactionResponse { Header = headers.Proto(result.Revision) });
        return GrpcStatus.Ok;
    }

    private EtcdError WriteCheck(GrpcCall call, EtcdError error) =>
        error == EtcdError.None && RequestSize.IsTooLarge(call.RequestBytes, options.MaxRequestBytes) ? EtcdError.RequestTooLarge : error;

    private void Write(GrpcCall call, PutResult result)
    {
        var header = headers.At(result.Revision);
        call.WritePrefix(PutResponseEncoder.Size(header, result));
        var writer = new ProtoWriter(call.Output);
        PutResponseEncoder.Write(ref writer, header, result);
        writer.Flush();
    }

    private void Write(GrpcCall call, DeleteRangeResult result)
    {
        var header = headers.At(result.Revision);
        call.WritePrefix(DeleteRangeResponseEncoder.Size(header, result));
        var writer = new ProtoWriter(call.Output);
        DeleteRangeResponseEncoder.Write(ref writer, header, result);
        writer.Flush();
    }

    private void Write(GrpcCall call, TxnResult result)
    {
        var header = headers.At(result.Revision);
        var encoder = TxnResponseEncoder.Shared;
        call.WritePrefix(encoder.Measure(header, result));
        var writer = new ProtoWriter(call.Output);
        encoder.Write(ref writer, header, result);
        writer.Flush();
    }
}
