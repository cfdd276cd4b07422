using Krewe.Grains.Watch;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;
using Orleans.Storage;
using Orleans.Streams;

namespace Krewe.Silo.Streams;

/// <summary>The revision streams as an Orleans stream provider.</summary>
public static class RevisionStreamExtensions
{
    /// <summary>
    /// Adds the stream provider <see cref="RevisionStreams.ProviderName"/>. Needs a <see cref="RevisionLog"/> and an
    /// <see cref="IRevisionHistory"/> among the services.
    /// </summary>
    public static ISiloBuilder AddRevisionStreams(this ISiloBuilder builder, Action<RevisionStreamOptions>? configure = null)
    {
        OptionsBuilder<RevisionStreamOptions> options = builder.Services.AddOptions<RevisionStreamOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RevisionQueue>();
        builder.Services.AddSingleton<RevisionQueueAdapter>();
        builder.Services.AddSingleton<IGrainPropertiesProvider, LocalPubSubPlacement>();
        builder.AddStreamFilter<KeyPrefixFilter>(RevisionStreams.ProviderName);
        builder.Services.AddKeyedSingleton<IGrainStorage, LocalPubSubStorage>(RevisionStreams.ProviderName);
        return builder.AddPersistentStreams(
            RevisionStreams.ProviderName,
            static (services, _) => services.GetRequiredService<RevisionQueueAdapter>(),
            Configure);
    }

    private static void Configure(ISiloPersistentStreamConfigurator streams)
    {
        streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
        streams.ConfigurePartitionBalancing(static (services, _) => new LocalQueueBalancer(services.GetRequiredService<RevisionQueue>()));
        streams.ConfigurePullingAgent(agent => agent.Configure<IOptions<RevisionStreamOptions>>(
            static (pulling, options) => pulling.BatchContainerBatchSize = options.Value.MaxBatchRevisions));
    }
}
