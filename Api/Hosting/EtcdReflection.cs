using Grpc.Health.V1;
using Grpc.Reflection;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Api.Hosting;

/// <summary>The gRPC reflection service, so that tools can list and call the RPCs without the proto files.</summary>
internal static class EtcdReflection
{
    /// <summary>Paths that begin so belong to reflection.</summary>
    public const string PathPrefix = "/grpc.reflection.";

    public static void Add(IServiceCollection services)
    {
        services.AddGrpc();
        services.AddSingleton(_ => new ReflectionServiceImpl(Descriptors()));
        services.AddSingleton(_ => new ReflectionV1ServiceImpl(Descriptors()));
    }

    public static void Map(WebApplication app)
    {
        app.MapGrpcService<ReflectionServiceImpl>();
        app.MapGrpcService<ReflectionV1ServiceImpl>();
    }

    private static IEnumerable<Google.Protobuf.Reflection.ServiceDescriptor> Descriptors() =>
    [
        .. RpcReflection.Descriptor.Services,
        .. LockReflection.Descriptor.Services,
        .. ElectionReflection.Descriptor.Services,
        .. HealthReflection.Descriptor.Services,
    ];
}
