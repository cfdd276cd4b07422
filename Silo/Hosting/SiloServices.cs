using Krewe.Grains.Replication;
using Microsoft.Extensions.Hosting;

namespace Krewe.Silo.Hosting;

/// <summary>Registers the member's silo.</summary>
internal static class SiloServices
{
    /// <summary>Adds the silo and an <see cref="IGrainFactory"/> that leads to it. What Raft needs must be among the services before, to be up before.</summary>
    public static IServiceCollection AddSilo(this IServiceCollection services)
    {
        services.AddSingleton(new MemberServices(services));
        services.AddSingleton(new SiloRestartOptions());
        services.AddSingleton<CurrentSilo>();
        services.AddSingleton<ISiloPresence>(static provider => provider.GetRequiredService<CurrentSilo>());
        services.AddSingleton<IGrainFactory, CurrentSiloGrains>();
        services.AddSingleton<SiloFactory>();
        services.AddSingleton(static provider => ActivatorUtilities.CreateInstance<SiloSupervisor>(
            provider, (Func<Action<string>, IHost>)provider.GetRequiredService<SiloFactory>().Create));
        return services.AddHostedService(static provider => provider.GetRequiredService<SiloSupervisor>());
    }
}
