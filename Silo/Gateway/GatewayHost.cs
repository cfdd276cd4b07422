using Krewe.Api.Hosting;
using Krewe.Grains.Gateway;
using Krewe.Grains.Gateway.Watch;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Replication;
using Krewe.Silo.Hosting;
using Krewe.Silo.Observability.Logging;
using Krewe.Silo.Tls;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Messaging;

namespace Krewe.Silo.Gateway;

/// <summary>Puts a gateway together: <c>Api</c> over an Orleans client (docs/decisions/0004).</summary>
internal static class GatewayHost
{
    /// <summary>Pause between attempts to reach the cluster.</summary>
    private static readonly TimeSpan ConnectDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>More than a member takes to answer, so that its answer is what clients get.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(8);

    /// <summary>When a call to a member that neither answers nor breaks the connection is given up.</summary>
    private static readonly TimeSpan ResponseLimit = TimeSpan.FromSeconds(15);

    /// <summary>How long a stop may take before open requests are cut.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Needs a <paramref name="discovery"/> that has found the cluster.</summary>
    public static WebApplication Build(GatewayProcessOptions options, MemberTls tls, SiloDiscovery discovery)
    {
        var server = options.Server;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Logging.AddZapLogging(server.Logging, TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(discovery);
        AddClients(builder.Services);
        var loss = new MemberLoss();
        builder.Services.AddSingleton(loss);
        builder.Host.UseOrleansClient(client => ConfigureClient(client, options, tls, discovery, loss));
        builder.Services.AddHostedService<ClusterWatch>();
        builder.Services.AddEtcdGatewayApi(MemberHost.ApiOptionsOf(server));
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEtcdListeners(
            MemberHost.Uris(server.Listen.ClientUrls),
            MemberHost.Uris(server.Listen.MetricsUrls),
            new ListenerTls(tls.Client, hosts: null),
            new ListenerTls(tls.Client, new SystemHostNames())));

        var app = builder.Build();
        tls.Log.Logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<MemberTls>();
        app.Services.GetRequiredService<GatewayMetrics>();
        app.MapEtcdApi();
        return app;
    }

    private static void AddClients(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new RequestTimeout(RequestLimit, TimeProvider.System));
        services.AddSingleton<GatewayStatus>();
        services.AddSingleton<IMemberStatus>(provider => provider.GetRequiredService<GatewayStatus>());
        services.AddSingleton<MemberCalls>();
        services.AddSingleton<IHealthProbe, GatewayHealthProbe>();
        services.AddSingleton<IAuthClient, GatewayAuth>();
        services.AddSingleton<IRemoteRpcs>(provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new GatewayRpcs(
                () => grains.GetGrain<IRpcStreamGrain>(Guid.NewGuid()),
                provider.GetRequiredService<MemberCalls>(),
                provider.GetRequiredService<GatewayStatus>(),
                provider.GetRequiredService<MemberLoss>());
        });
        services.AddSingleton(provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new GatewayWatchHub(
                () => grains.GetGrain<IWatchRelayGrain>(Guid.NewGuid()),
                provider.GetRequiredService<GatewayStatus>(),
                provider.GetRequiredService<MemberLoss>(),
                new GatewayWatchOptions(),
                TimeProvider.System);
        });
        services.AddSingleton<IWatchHub>(provider => provider.GetRequiredService<GatewayWatchHub>());
    }

    private static void ConfigureClient(
        IClientBuilder client, GatewayProcessOptions options, MemberTls tls, SiloDiscovery discovery, MemberLoss loss)
    {
        if (tls.Peer.HasCertificate)
        {
            // Silos are dialled by address, but their certificates may be for the names by which the members are known.
            var silos = new SiloTls(tls.Peer, () => MemberHost.Uris(options.Endpoints), new SystemHostNames());
            client.Configure<ClientConnectionOptions>(connections =>
                connections.ConfigureConnection(connection => connection.Use(next => context => silos.ConnectAsync(context, next))));
        }

        client.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
        {
            cluster.ClusterId = discovery.ClusterName;
            cluster.ServiceId = MemberHost.ServiceId;
        });
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = DiscoveredGateways.RefreshPeriod);
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseLimit);
        client.Services.AddSingleton<IGatewayListProvider, DiscoveredGateways>();
        client.AddGatewayCountChangedHandler((_, change) =>
        {
            if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
            {
                loss.Signal();
            }
        });
        client.UseConnectionRetryFilter(async (_, cancellationToken) =>
        {
            await Task.Delay(ConnectDelay, cancellationToken).ConfigureAwait(false);
            return true;
        });
    }
}
