using System.Net;
using Grpc.Net.Client;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Tests.Fakes;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Tests.Hosting;

/// <summary>The etcd face in this process, on free loopback ports, over fakes.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private ApiHost(WebApplication app, FakeStatus status)
    {
        _app = app;
        Status = status;
        Keyspace = app.Services.GetRequiredService<FakeKeyspace>();
        Leases = app.Services.GetRequiredService<FakeLeases>();
        Watches = app.Services.GetRequiredService<FakeWatchHub>();
        Maintenance = app.Services.GetRequiredService<FakeMaintenance>();
        Membership = app.Services.GetRequiredService<FakeMembership>();
        Uri[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a))];
        ClientUrl = addresses[0];
        MetricsUrl = addresses[^1];
        _channel = GrpcChannel.ForAddress(ClientUrl, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Client = new EtcdClient(_channel.CreateCallInvoker());
        Http = new HttpClient { BaseAddress = ClientUrl };
    }

    public FakeStatus Status { get; }

    public FakeKeyspace Keyspace { get; }

    public FakeLeases Leases { get; }

    public FakeWatchHub Watches { get; }

    public FakeMaintenance Maintenance { get; }

    public FakeMembership Membership { get; }

    public Uri ClientUrl { get; }

    public Uri MetricsUrl { get; }

    public EtcdClient Client { get; }

    public HttpClient Http { get; }

    public IPEndPoint ClientEndPoint => new(IPAddress.Loopback, ClientUrl.Port);

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    /// <summary>The gRPC server behind the listeners.</summary>
    public GrpcServer Server => _app.Services.GetRequiredService<GrpcServer>();

    public static async Task<ApiHost> StartAsync(ApiOptions? options = null, TimeProvider? time = null, ILoggerProvider? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        var status = new FakeStatus();
        builder.Services.AddSingleton(status).AddSingleton<IMemberStatus>(status);
        Add<IKeyspaceClient, FakeKeyspace>(builder.Services);
        Add<ILeaseClient, FakeLeases>(builder.Services);
        Add<IWatchHub, FakeWatchHub>(builder.Services);
        Add<IMaintenanceClient, FakeMaintenance>(builder.Services);
        Add<IMembershipClient, FakeMembership>(builder.Services);
        Add<ISiloGateways, FakeGateways>(builder.Services);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddEtcdApi(options ?? new ApiOptions());
        builder.WebHost.ConfigureKestrel(k => k.ConfigureEtcdListeners([new("http://127.0.0.1:0")], [new("http://127.0.0.1:0")]));
        var app = builder.Build();
        app.MapEtcdApi();
        await app.StartAsync();
        return new ApiHost(app, status);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Add<TContract, TFake>(IServiceCollection services)
        where TContract : class
        where TFake : class, TContract
    {
        services.AddSingleton<TFake>();
        services.AddSingleton<TContract>(s => s.GetRequiredService<TFake>());
    }
}
