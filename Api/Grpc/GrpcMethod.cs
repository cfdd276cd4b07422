using Google.Protobuf.Reflection;

namespace Krewe.Api.Grpc;

/// <summary>One RPC that is served: its names, its counters and its handler.</summary>
internal abstract class GrpcMethod(string service, string name, GrpcMethodKind kind)
{
    /// <summary>With package, as in <c>etcdserverpb.KV</c>.</summary>
    public string Service { get; } = service;

    public string Name { get; } = name;

    public GrpcMethodKind Kind { get; } = kind;

    public string Path { get; } = $"/{service}/{name}";

    public RpcCounters Counters { get; } = new();

    /// <summary>Whether a learner serves it (behaviour 254).</summary>
    public virtual bool AllowedOnLearner { get; init; }

    /// <summary>What the caller must be while auth is on.</summary>
    public GrpcAccess Access { get; init; }

    public static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";

    /// <summary>Serves one call; returns how it ended and throws nothing but cancellation and <see cref="Krewe.Grains.Interfaces.Errors.EtcdException"/>.</summary>
    public abstract ValueTask<GrpcStatus> InvokeAsync(GrpcCall call);
}
