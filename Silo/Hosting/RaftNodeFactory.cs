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
                ElectionSpreadTicks = Math.Max(1, options.ElectionTimeoutTicks / ElectionSpreadShare),
                PreVote = options.PreVote,
                RandomSeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
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

    /// <summary>Elections begin within this part of an election timeout of each other: outages are a sixth of a timeout shorter than with a whole one.</summary>
    private const int ElectionSpreadShare = 2;

    private static void StopWithFailure(IHostApplicationLifetime lifetime)
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
