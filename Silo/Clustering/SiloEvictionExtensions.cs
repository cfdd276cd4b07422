using Krewe.Grains.Cluster.Silos;

namespace Krewe.Silo.Clustering;

/// <summary>Registers the eviction of silent members' silos.</summary>
internal static class SiloEvictionExtensions
{
    /// <summary>Runs outside the silo: a silo that joins waits for every live row, so this must run before it starts.</summary>
    public static IServiceCollection AddSiloEviction(this IServiceCollection services, TimeSpan electionTimeout)
    {
        services.AddOptions<RaftClusteringOptions>();
        services.AddSingleton<RaftProposals>();
        services.AddSingleton(static provider => new SiloEvictor(provider.GetRequiredService<SiloTable>(), provider.GetRequiredService<RaftProposals>()));
        services.AddSingleton(SiloEvictionOptions.For(electionTimeout));
        return services.AddHostedService<SiloEvictionService>();
    }
}
