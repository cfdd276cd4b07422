using Krewe.Grains.Interfaces.Watch;
using Krewe.Grains.Watch;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Krewe.Silo.Streams;

/// <summary>The watch hub among a host's services.</summary>
public static class WatchHubExtensions
{
    /// <summary>
    /// Adds <see cref="IWatchHub"/> and what feeds it. Needs a <see cref="RevisionLog"/> and an <see cref="IRevisionHistory"/>, whose state must be
    /// loaded before the hub is first resolved. Hosted services stop in reverse order: register before the server, so that its
    /// streams end by their RPCs first.
    /// </summary>
    public static IServiceCollection AddWatchHub(this IServiceCollection services, WatchHubOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options ?? new WatchHubOptions());
        services.AddSingleton<WatchHub>();
        services.AddSingleton<IWatchHub>(static provider => provider.GetRequiredService<WatchHub>());
        services.AddHostedService<WatchFeedService>();
        return services;
    }
}
