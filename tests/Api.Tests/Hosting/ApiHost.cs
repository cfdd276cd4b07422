using System.Net;
using Grpc.Net.Client;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Tests.Fakes;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Gateway;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
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
        Auth = app.Services.GetRequiredService<FakeAuth>();
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

    public FakeAuth Auth { get; }

    public Uri ClientUrl { get; }

    public Uri MetricsUrl { get; }

    public EtcdClient Client { get; }

    public HttpClient Http { get; }

    public IPEndPoint ClientEndPoint => new(IPAddress.Loopback, ClientUrl.Port);

    /// <summary>For gateways.</summary>
    public ILocalRpcs Rpcs => _app.Services.GetRequiredService<ILocalRpcs>();

    /// <summary>The gRPC server behind the listeners.</summary>
    public GrpcServer Server => _app.Services.GetRequiredService<GrpcServer>();

    public static Task<ApiHost> StartAsync(ApiOptions? options = null, TimeProvider? time = null, ILoggerProvider? log = null) =>
        StartAsync(options, time, log, tls: null, services: null);

    /// <param name="tls">Makes the client URL an https one; <see cref="Client"/> and <see cref="Http"/> are of no use then.</param>
    /// <param name="services">Changes what was registered.</param>
    public static async Task<ApiHost> StartAsync(
        ApiOptions? options, TimeProvider? time, ILoggerProvider? log, FakeListenerTls? tls, Action<IServiceCollection>? services)
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
        Add<IAuthClient, FakeAuth>(builder.Services);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddEtcdApi(options ?? new ApiOptions());
        services?.Invoke(builder.Services);
        var clientUrl = new Uri(tls is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.ConfigureEtcdListeners([clientUrl], [new("http://127.0.0.1:0")], tls));
        var app = builder.Build();
        app.MapEtcdApi();
        await app.StartAsync();
        return new ApiHost(app, status);
    }

    /// <summary>As after a signal to the process.</summary>
    public Task StopAsync()
    {
        _app.Lifetime.StopApplication();
        return _app.StopAsync();
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
