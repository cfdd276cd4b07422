using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Benchmarks.Servers;

/// <summary>The few calls of measurements that do not measure the calls, to one member.</summary>
internal sealed class EtcdClient : IDisposable
{
    private static readonly Method<PutRequest, PutResponse> PutMethod = Create(MethodType.Unary, "KV", "Put", PutRequest.Parser, PutResponse.Parser);
    private static readonly Method<StatusRequest, StatusResponse> StatusMethod =
        Create(MethodType.Unary, "Maintenance", "Status", StatusRequest.Parser, StatusResponse.Parser);

    private static readonly Method<MemberAddRequest, MemberAddResponse> MemberAddMethod =
        Create(MethodType.Unary, "Cluster", "MemberAdd", MemberAddRequest.Parser, MemberAddResponse.Parser);

    private static readonly Method<MemberPromoteRequest, MemberPromoteResponse> MemberPromoteMethod =
        Create(MethodType.Unary, "Cluster", "MemberPromote", MemberPromoteRequest.Parser, MemberPromoteResponse.Parser);

    private static readonly Method<WatchRequest, WatchResponse> WatchMethod =
        Create(MethodType.DuplexStreaming, "Watch", "Watch", WatchRequest.Parser, WatchResponse.Parser);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    public EtcdClient(IPEndPoint endpoint)
    {
        var options = new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler(), DisposeHttpClient = true };
        _channel = GrpcChannel.ForAddress($"http://{endpoint}", options);
        _invoker = _channel.CreateCallInvoker();
    }

    /// <returns>The revision of the put.</returns>
    public async Task<long> PutAsync(ByteString key, ByteString value, TimeSpan limit)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + limit);
        using var call = _invoker.AsyncUnaryCall(PutMethod, null, options, new PutRequest { Key = key, Value = value });
        return (await call).Header.Revision;
    }

    public async Task<StatusResponse> StatusAsync(TimeSpan limit)
    {
        using var call = _invoker.AsyncUnaryCall(StatusMethod, null, new CallOptions(deadline: DateTime.UtcNow + limit), new StatusRequest());
        return await call;
    }

    /// <returns>The ID of the new learner.</returns>
    public async Task<ulong> AddLearnerAsync(string peerUrl, TimeSpan limit)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + limit);
        using var call = _invoker.AsyncUnaryCall(MemberAddMethod, null, options, new MemberAddRequest { PeerURLs = { peerUrl }, IsLearner = true });
        return (await call).Member.ID;
    }

    /// <exception cref="RpcException">Among others: it has not caught up.</exception>
    public async Task PromoteAsync(ulong member, TimeSpan limit)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + limit);
        using var call = _invoker.AsyncUnaryCall(MemberPromoteMethod, null, options, new MemberPromoteRequest { ID = member });
        _ = await call;
    }

    public AsyncDuplexStreamingCall<WatchRequest, WatchResponse> Watch(CancellationToken end) =>
        _invoker.AsyncDuplexStreamingCall(WatchMethod, null, new CallOptions(cancellationToken: end));

    public void Dispose() => _channel.Dispose();

    private static Method<TRequest, TResponse> Create<TRequest, TResponse>(
        MethodType type, string service, string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        new(type, $"etcdserverpb.{service}", name, Of(requests), Of(responses));

    private static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : IMessage<T> =>
        new(message => message.ToByteArray(), parser.ParseFrom);
}
