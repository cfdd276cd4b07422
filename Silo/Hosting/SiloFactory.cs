using Krewe.Silo.Clustering;
using Krewe.Silo.Streams;
using Krewe.Silo.Tls;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Krewe.Silo.Hosting;

/// <summary>Builds the member's silo, each time as a new generation, on the services that the member keeps.</summary>
internal sealed class SiloFactory(MemberState state, MemberServices services, IServiceProvider member)
{
    /// <summary>A silo that is not started yet.</summary>
    /// <param name="ended">Told the reason when the silo can't go on; also while it starts, from any thread, perhaps several times.</param>
    public IHost Create(Action<string> ended)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "krewe" });
        services.AddTo(builder.Services, member);
        builder.Services.Replace(ServiceDescriptor.Singleton(member.GetRequiredService<ILoggerFactory>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, SiloHostLifetime>());
        builder.UseOrleans(Configure);
        builder.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler>(new SiloFatalErrors(ended)));
        return builder.Build();
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
        {
            cluster.ClusterId = MemberHost.ClusterName(state);
            cluster.ServiceId = MemberHost.ServiceId;
        });
        silo.Configure<SiloOptions>(self => self.SiloName = state.Options.Name);
        silo.Configure<EndpointOptions>(endpoints => SiloEndpoints.Configure(endpoints, state.Options));
        silo.Services.AddSingleton<ITypeNameFilter, OwnTypesOnly>();
        silo.AddIncomingGrainCallFilter<OutsideCallFilter>();
        if (state.Tls.Peer.HasCertificate)
        {
            silo.UseSiloTls(new SiloTls(state.Tls.Peer, PeerUrls, new SystemHostNames()));
        }

        silo.UseRaftClustering(clustering => clustering.StartTimeout = Timeout.InfiniteTimeSpan);
        silo.AddRevisionStreams();
    }

    private IEnumerable<Uri> PeerUrls() => state.Members.Members.SelectMany(member => member.PeerUrls).Select(url => new Uri(url));
}
