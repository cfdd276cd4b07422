using System.Security.Cryptography;
using Krewe.Raft.Core;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;
using Krewe.Silo.Snapshots;

namespace Krewe.Silo.Hosting;

/// <summary>Makes the Raft node from a member's log and state machine.</summary>
internal static class RaftNodeFactory
{
    public static RaftNode Create(IServiceProvider services, MemberState state, ReplicationOptions options)
    {
        var snapshots = services.GetRequiredService<CheckpointSource>();
        var machine = services.GetRequiredService<KeyspaceStateMachine>();
        machine.Snapshots = services.GetRequiredService<MemberStores>();
        var core = new RaftCore(
            new RaftOptions
            {
                Id = state.Identity.MemberId,
                ElectionTimeoutTicks = options.ElectionTimeoutTicks,
                PreVote = options.PreVote,
                RandomSeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
                MaxCachedBytes = MaxCachedBytes,
            },
            state.Log.InitialState(state.Store.AppliedIndex, state.Members.Configuration),
            new WalLogReader(state.Log.Log),
            snapshots);
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var node = new RaftNode(
            core,
            state.Log.Log,
            machine,
            services.GetRequiredService<PeerTransport>(),
            options,
            TimeProvider.System,
            _ => StopWithFailure(lifetime),
            services.GetRequiredService<ILogger<RaftNode>>());
        snapshots.TermOf = index => node.TryGetAppliedTerm(index, out var term) ? term : null;
        return node;
    }

    /// <summary>A cluster of one has no slow members to keep entries in memory for.</summary>
    private const int MaxCachedBytes = 8 << 20;

    private static void StopWithFailure(IHostApplicationLifetime lifetime)
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
