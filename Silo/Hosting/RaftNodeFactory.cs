using System.Security.Cryptography;
using Krewe.Raft.Core;
using Krewe.Silo.Peers;
using Krewe.Silo.Replication;

namespace Krewe.Silo.Hosting;

/// <summary>Makes the Raft node from a member's log and state machine.</summary>
internal static class RaftNodeFactory
{
    public static RaftNode Create(IServiceProvider services, MemberState state, ReplicationOptions options)
    {
        var core = new RaftCore(
            new RaftOptions
            {
                Id = state.Identity.MemberId,
                ElectionTimeoutTicks = options.ElectionTimeoutTicks,
                PreVote = options.PreVote,
                RandomSeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            },
            state.Log.InitialState(state.Store.AppliedIndex, state.Members.Configuration),
            new WalLogReader(state.Log.Log),
            new NoSnapshots());
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        return new RaftNode(
            core,
            state.Log.Log,
            services.GetRequiredService<KeyspaceStateMachine>(),
            services.GetRequiredService<PeerTransport>(),
            options,
            TimeProvider.System,
            _ => StopWithFailure(lifetime),
            services.GetRequiredService<ILogger<RaftNode>>());
    }

    private static void StopWithFailure(IHostApplicationLifetime lifetime)
    {
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
