using System.Net;
using System.Net.Sockets;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>A real silo in this process, clustered through a <see cref="FakeMember"/>.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, FakeMember member)
    {
        _host = host;
        Member = member;
    }

    public FakeMember Member { get; }

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public SiloAddress Address => Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public static async Task<TestSilo> StartAsync(FakeCluster cluster, ulong memberId, Action<ISiloBuilder>? configure = null)
    {
        var member = new FakeMember(cluster, memberId);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddFilter(null, LogLevel.Critical).AddConsole();
        builder.Services.AddSingleton(cluster.Silos);
        builder.Services.AddSingleton(cluster.Directory);
        builder.Services.AddSingleton<ICommandProposer>(member);
        builder.Services.AddSingleton<ILeadership>(member);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options =>
            {
                options.ClusterId = "test";
                options.ServiceId = "test";
            });
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), gatewayPort: 0);
            silo.UseRaftClustering();

            // The probe grain of these tests stands in for it, under its grain type.
            silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.RemoveWhere(type => type.Name == "KeyPrefixGrain"));
            configure?.Invoke(silo);
        });
        var started = new TestSilo(builder.Build(), member);
        await started._host.StartAsync();
        return started;
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
