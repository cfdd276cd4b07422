using System.Net;
using System.Net.Sockets;
using Krewe.Grains.Auth;
using Krewe.Grains.Auth.Passwords;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Leases;
using Krewe.Grains.Maintenance;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Silo.Auth;
using Krewe.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>A silo in this process with the keyspace's real grains, on a member of a <see cref="SharedLog"/>.</summary>
internal sealed class MemberSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private MemberSilo(IHost host, LogMember member)
    {
        _host = host;
        Member = member;
    }

    public LogMember Member { get; }

    public IServiceProvider Services => _host.Services;

    public IKeyspaceClient Keyspace => Services.GetRequiredService<IKeyspaceClient>();

    public ILeaseClient Leases => Services.GetRequiredService<ILeaseClient>();

    public IAuthClient Auth => Services.GetRequiredService<IAuthClient>();

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public SiloAddress Address => Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public static async Task<MemberSilo> StartAsync(LogMember member)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddFilter(null, LogLevel.Critical).AddConsole();
        AddMember(builder.Services, member);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options =>
            {
                options.ClusterId = "members";
                options.ServiceId = "members";
            });
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), gatewayPort: 0);
            silo.UseRaftClustering();

            // It has the prefix grain's type in other tests.
            silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.RemoveWhere(type => type.Name == "LeaderProbeGrain"));
        });
        var started = new MemberSilo(builder.Build(), member);
        await started._host.StartAsync();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static void AddMember(IServiceCollection services, LogMember member)
    {
        services.AddSingleton(member.Silos);
        services.AddSingleton(member.Directory);
        services.AddSingleton(member.PendingOwners);
        services.AddSingleton<ITailOwnership>(member.PendingOwners);
        services.AddSingleton(member.Prefixes);
        services.AddSingleton(member.State);
        services.AddSingleton(member.Tail);
        services.AddSingleton(member.Clocks);
        services.AddSingleton(member.Appender);
        services.AddSingleton(member.Timeout);
        services.AddSingleton<ICommandProposer>(member);
        services.AddSingleton<ILeadership>(member);
        services.AddSingleton<IReplicatedLog>(member);
        services.AddSingleton<IAppliedIndex>(member);
        services.AddSingleton<LeaderCalls>();
        services.AddSingleton(LeaseOptions.For(1000));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<LeaseCheckpointer>();
        services.AddSingleton<LeaseRenewer>();
        services.AddSingleton(new QuotaGuard(-1, static () => 0, TimeProvider.System));
        services.AddSingleton<NoSpaceAlarm>();
        services.AddSingleton(new CompactionDriver(member.State, 1000, TimeSpan.FromMilliseconds(10), static () => { }, TimeProvider.System));
        services.AddSingleton<IKeyspaceClient, KeyspaceClient>();
        services.AddSingleton<ILeaseClient, LeaseClient>();
        services.AddSingleton(member.Auth);
        services.AddSingleton<ITokenProvider>(member.Tokens);
        services.AddSingleton<IPasswords>(_ => new BcryptPasswords(cost: 4));
        services.AddSingleton<IAuthClient, AuthClient>();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
