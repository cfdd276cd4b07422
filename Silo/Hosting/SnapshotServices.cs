using Krewe.Silo.Observability;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Hosting;

/// <summary>Registers what makes, sends and receives snapshots.</summary>
internal static class SnapshotServices
{
    public static IServiceCollection AddSnapshots(this IServiceCollection services, MemberState state, ReplicationOptions options)
    {
        var limits = new SnapshotLimits();
        var time = TimeProvider.System;
        services.AddSingleton<SnapshotMetrics>();
        services.AddSingleton(provider => new CheckpointSource(
            state.StoreDirectories.Checkpoints,
            state.Store,
            state.Log.Configuration,
            limits,
            time,
            provider.GetRequiredService<ILogger<CheckpointSource>>()));
        services.AddSingleton(provider => new MemberStores(
            state.StoreDirectories, state.Store, state.OpenStore, provider.GetRequiredService<ILogger<MemberStores>>()));
        services.AddSingleton(provider => new LogHolds(
            provider.GetRequiredService<CheckpointSource>(),
            provider.GetRequiredService<RaftNode>().Progress,
            options.SnapshotCatchUpEntries,
            limits,
            time));
        services.AddSingleton(provider => CreateSender(provider, limits, time));
        services.AddSingleton(provider => new SnapshotReceiver(
            provider.GetRequiredService<MemberStores>(),
            provider.GetRequiredService<RaftNode>(),
            state.Identity.MemberId,
            limits,
            provider.GetRequiredService<PeerLimits>(),
            time,
            provider.GetRequiredService<ILogger<SnapshotReceiver>>())
        {
            Metrics = provider.GetRequiredService<SnapshotMetrics>(),
        });
        return services.AddSingleton<SnapshotLane>();
    }

    private static SnapshotSender CreateSender(IServiceProvider provider, SnapshotLimits limits, TimeProvider time)
    {
        var transport = provider.GetRequiredService<PeerTransport>();
        return new SnapshotSender(
            provider.GetRequiredService<CheckpointSource>(),
            provider.GetRequiredService<RaftNode>(),
            (member, cancellation) => transport.ConnectAsync(member, PeerLaneKind.Snapshot, cancellation),
            provider.GetRequiredService<LogHolds>().CatchUp,
            limits,
            provider.GetRequiredService<PeerLimits>(),
            time,
            provider.GetRequiredService<ILogger<SnapshotSender>>())
        {
            Metrics = provider.GetRequiredService<SnapshotMetrics>(),
        };
    }
}
