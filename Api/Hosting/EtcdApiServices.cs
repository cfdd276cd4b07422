using Krewe.Api.Gateway;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting.Transport;
using Krewe.Api.Http;
using Krewe.Api.Mapping;
using Krewe.Api.Metrics;
using Krewe.Api.Relay;
using Krewe.Api.Security;
using Krewe.Api.Services;
using Krewe.Api.Services.Concurrency;
using Krewe.Api.Services.Watch;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Maintenance;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Hosting;

/// <summary>Registers the etcd face.</summary>
public static class EtcdApiServices
{
    /// <summary>
    /// Adds everything that <c>MapEtcdApi</c> serves. The host must register <c>IKeyspaceClient</c>, <c>ILeaseClient</c>,
    /// <c>IWatchHub</c>, <c>IMaintenanceClient</c>, <c>IMembershipClient</c>, <c>IAuthClient</c>, <c>IMemberStatus</c> and <c>ISiloGateways</c>.
    /// </summary>
    public static IServiceCollection AddEtcdApi(this IServiceCollection services, ApiOptions options)
    {
        AddMemberServices(services);
        services.TryAddSingleton<IHealthProbe, LocalHealthProbe>();
        services.AddSingleton<IHttpEndpoint, SilosEndpoint>();
        return AddFace(services, options);
    }

    /// <summary>
    /// Adds the same for a process without a replica, which passes RPCs on. The host must register <c>IRemoteRpcs</c>, <c>IWatchHub</c>,
    /// <c>IHealthProbe</c>, <c>IAuthClient</c> and <c>IMemberStatus</c>.
    /// </summary>
    public static IServiceCollection AddEtcdGatewayApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton<IGrpcService, RelayMethods>();
        return AddFace(services, options);
    }

    private static IServiceCollection AddFace(IServiceCollection services, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);

        // One thread fewer to wake for a request (docs/decisions/0003). Safe as long as no handler blocks its thread.
        services.Configure<SocketTransportOptions>(static sockets => sockets.UnsafePreferInlineScheduling = true);
        services.AddSingleton<IConnectionListenerFactory, SharedPortTransportFactory>();
        AddGrpcServices(services);
        AddHttpEndpoints(services);
        if (options.EnableGrpcGateway)
        {
            AddGateway(services);
        }

        if (options.EnableReflection)
        {
            EtcdReflection.Add(services);
        }

        // An Activity per request costs more than many an answer; nobody reads these.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    private static void AddMemberServices(IServiceCollection services)
    {
        services.AddSingleton<KeyspaceGuard>();
        services.AddSingleton<LeaseGuard>();
        services.AddSingleton<KeyWatcher>();
        services.AddSingleton<CandidateQueue>();
        services.AddSingleton<LeaderObserver>();
        services.AddSingleton<IGrpcService, KvService>();
        services.AddSingleton<IGrpcService, LeaseService>();
        services.AddSingleton<IGrpcService, ClusterService>();
        services.AddSingleton<IGrpcService, MaintenanceService>();
        services.AddSingleton<IGrpcService, AuthService>();
        services.AddSingleton<IGrpcService, LockService>();
        services.AddSingleton<IGrpcService, ElectionService>();
        services.AddSingleton<ILocalRpcs, LocalRpcs>();
    }

    private static void AddGrpcServices(IServiceCollection services)
    {
        services.AddSingleton<StopSignal>();
        services.AddHostedService(static s => s.GetRequiredService<StopSignal>());
        services.AddSingleton<HeaderSource>();
        services.AddSingleton<LeaderMonitor>();
        services.AddHostedService(s => s.GetRequiredService<LeaderMonitor>());
        services.AddSingleton<ClientRequestCounters>();
        services.AddSingleton<StreamFailureCounters>();
        services.AddSingleton<GrpcGate>();
        services.AddSingleton<AuthGuard>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<WatchPermissionSweep>();
        services.AddHostedService(s => s.GetRequiredService<WatchPermissionSweep>());
        services.AddSingleton<IGrpcService, WatchService>();
        services.AddSingleton<IGrpcService, HealthService>();
        services.AddSingleton<GrpcMethodTable>();
        services.AddSingleton<GrpcServer>();
    }

    private static void AddGateway(IServiceCollection services)
    {
        services.AddSingleton<GatewayRoutes>();
        foreach (var root in new[] { GatewayRoutes.Root, GatewayRoutes.BetaRoot })
        {
            services.AddSingleton<IHttpEndpoint>(s => ActivatorUtilities.CreateInstance<GatewayEndpoint>(s, root));
        }
    }

    private static void AddHttpEndpoints(IServiceCollection services)
    {
        services.TryAddSingleton<KreweMetrics>();
        services.AddSingleton<RpcMetrics>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<ProcessMetrics>();
        services.AddSingleton<HealthMetrics>();
        services.AddSingleton<MetricsBinder>();
        services.AddSingleton<HealthChecks>();
        services.AddSingleton<IHttpEndpoint, HealthEndpoint>();
        services.AddSingleton<IHttpEndpoint>(s => ChecksEndpoint.Livez(s.GetRequiredService<HealthChecks>()));
        services.AddSingleton<IHttpEndpoint>(s => ChecksEndpoint.Readyz(s.GetRequiredService<HealthChecks>()));
        services.AddSingleton<IHttpEndpoint, MetricsEndpoint>();
        services.AddSingleton<IHttpEndpoint, VersionEndpoint>();
        services.AddSingleton<IHttpEndpoint, DebugVarsEndpoint>();
        services.AddSingleton<HttpDispatcher>();
    }
}
