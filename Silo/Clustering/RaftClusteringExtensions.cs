using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Cluster.Silos;
using Krewe.Grains.Keyspace.Modules;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Hosting;

namespace Krewe.Silo.Clustering;

/// <summary>Clustering, grain directory and leader placement of an Orleans application on a Raft group in its own processes.</summary>
public static class RaftClusteringExtensions
{
    /// <summary>
    /// Registers the replicated tables and their modules. Whoever drives Raft takes the modules as <c>IEnumerable&lt;IStateModule&gt;</c>.
    /// </summary>
    public static IServiceCollection AddRaftClusteringState(this IServiceCollection services)
    {
        services.TryAddSingleton<SiloTable>();
        services.TryAddSingleton<DirectoryTable>();
        services.TryAddSingleton<PendingOwners>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStateModule, SiloMembershipModule>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStateModule, GrainDirectoryModule>());
        return services;
    }

    /// <summary>
    /// Uses the Raft group as membership table and adds the grain directory <see cref="RaftClusteringOptions.DirectoryName"/> and
    /// leader placement. Needs an <see cref="ICommandProposer"/> and a <see cref="Grains.Keyspace.ILeadership"/> among the services, and Raft up
    /// before the silo starts and until it has stopped: register what runs Raft as a hosted service before <c>UseOrleans</c>.
    /// </summary>
    public static ISiloBuilder UseRaftClustering(this ISiloBuilder builder, Action<RaftClusteringOptions>? configure = null)
    {
        IServiceCollection services = builder.Services.AddRaftClusteringState();
        OptionsBuilder<RaftClusteringOptions> options = services.AddOptions<RaftClusteringOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RaftProposals>();
        services.AddSingleton<LeaderWait>();
        services.AddSingleton<LeaderBoundGrains>();
        services.AddSingleton<LeaderSilo>();
        services.AddSingleton<DirectoryMirror>();
        services.AddSingleton(static sp => new SiloEvictor(sp.GetRequiredService<SiloTable>(), sp.GetRequiredService<RaftProposals>()));
        services.AddSingleton<IMembershipTable, RaftMembershipTable>();
        services.AddSingleton<IGrainDirectoryCache, ReplicatedDirectoryCache>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MembershipRefresher>();
        services.AddGrainDirectory(RaftClusteringOptions.DirectoryName, static (sp, _) => ActivatorUtilities.CreateInstance<RaftGrainDirectory>(sp));
        services.AddPlacementDirector<LeaderPlacement, LeaderPlacementDirector>();
        services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<RaftClusteringOptions>>(ConfigureProbes);
        return builder;
    }

    private static void ConfigureProbes(ClusterMembershipOptions membership, IOptions<RaftClusteringOptions> options)
    {
        membership.ProbeTimeout = options.Value.ProbeTimeout;
        membership.NumMissedProbesLimit = options.Value.MissedProbesLimit;

        // A stopped process keeps its connections, which would veto its eviction for a minute.
        membership.EnableConnectionLivenessCheck = false;
    }
}
