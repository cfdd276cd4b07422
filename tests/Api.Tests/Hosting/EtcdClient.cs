using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Api.Tests.Hosting;

/// <summary>Calls RPCs by name with the ordinary gRPC client and Google's own encoding.</summary>
internal sealed class EtcdClient(CallInvoker invoker)
{
    public const string Kv = "etcdserverpb.KV";
    public const string Lease = "etcdserverpb.Lease";
    public const string Maintenance = "etcdserverpb.Maintenance";

    public AsyncUnaryCall<TResponse> Start<TRequest, TResponse>(string service, string name, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        invoker.AsyncUnaryCall(Method<TRequest, TResponse>(MethodType.Unary, service, name), null, options, request);

    public async Task<TResponse> CallAsync<TRequest, TResponse>(string service, string name, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        using var call = Start<TRequest, TResponse>(service, name, request, options);
        return await call.ResponseAsync;
    }

    public Task<RangeResponse> RangeAsync(RangeRequest request, CallOptions options = default) =>
        CallAsync<RangeRequest, RangeResponse>(Kv, "Range", request, options);

    public Task<PutResponse> PutAsync(PutRequest request, CallOptions options = default) =>
        CallAsync<PutRequest, PutResponse>(Kv, "Put", request, options);

    public Task<PutResponse> PutAsync(string key, string value) =>
        PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value) });

    public Task<DeleteRangeResponse> DeleteRangeAsync(DeleteRangeRequest request) =>
        CallAsync<DeleteRangeRequest, DeleteRangeResponse>(Kv, "DeleteRange", request);

    public Task<TxnResponse> TxnAsync(TxnRequest request) => CallAsync<TxnRequest, TxnResponse>(Kv, "Txn", request);

    public AsyncServerStreamingCall<TResponse> Stream<TRequest, TResponse>(
        string service, string name, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        invoker.AsyncServerStreamingCall(Method<TRequest, TResponse>(MethodType.ServerStreaming, service, name), null, options, request);

    public AsyncDuplexStreamingCall<WatchRequest, WatchResponse> Watch(CallOptions options = default) =>
        invoker.AsyncDuplexStreamingCall(
            Method<WatchRequest, WatchResponse>(MethodType.DuplexStreaming, "etcdserverpb.Watch", "Watch"), null, options);

    public AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> KeepAlive(CallOptions options = default) =>
        invoker.AsyncDuplexStreamingCall(
            Method<LeaseKeepAliveRequest, LeaseKeepAliveResponse>(MethodType.DuplexStreaming, Lease, "LeaseKeepAlive"), null, options);

    public static async Task<Status> StatusOf(Func<Task> call) => (await Assert.ThrowsAnyAsync<RpcException>(call)).Status;

    public static async Task ExpectAsync(StatusCode code, string text, Func<Task> call)
    {
        var status = await StatusOf(call);
        Assert.True((code, text) == (status.StatusCode, status.Detail), $"expected {code} \"{text}\", got {status}: {status.DebugException}");
    }

    private static Method<TRequest, TResponse> Method<TRequest, TResponse>(MethodType type, string service, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        new(type, service, name, Marshaller<TRequest>(), Marshaller<TResponse>());

    private static Marshaller<T> Marshaller<T>()
        where T : class, IMessage<T>, new() =>
        Marshallers.Create(m => m.ToByteArray(), bytes => new MessageParser<T>(() => new T()).ParseFrom(bytes));
}
