using System.Collections.Concurrent;
using Krewe.Api.Grpc;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Api.Tests.Hosting;

/// <summary>The KV service whose Range notes who called.</summary>
internal sealed class NameRecorder(IGrpcService kv, ConcurrentQueue<string?> names) : IGrpcService
{
    private const string Service = "etcdserverpb.KV";

    public IEnumerable<GrpcMethod> Methods =>
    [
        .. kv.Methods.Where(method => method.Path != $"/{Service}/Range"),
        new UnaryMethod<RangeRequest>(Service, "Range", RangeRequest.Parser.ParseFrom, RangeAsync),
    ];

    private async ValueTask<GrpcStatus> RangeAsync(GrpcCall call, RangeRequest request)
    {
        names.Enqueue(call.ClientCommonName);
        call.Write(new RangeResponse { Count = request.Limit });
        await call.FlushAsync();
        return GrpcStatus.Ok;
    }
}
