using Krewe.Grains.Cluster.Members;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Keyspace;
using Krewe.Raft.Log;

namespace Krewe.Silo.Replication;

/// <summary>This member's identity and progress, for response headers and Status.</summary>
internal sealed class MemberStatus(WalIdentity identity, RaftNode node, KeyspaceState state, MembersModule members) : IMemberStatus
{
    public ulong ClusterId => identity.ClusterId;

    public ulong MemberId => identity.MemberId;

    public ulong LeaderId => node.LeaderId;

    public ulong RaftTerm => node.Term;

    public ulong RaftIndex => node.LastIndex;

    public ulong RaftAppliedIndex => node.AppliedIndex;

    public long Revision => state.Revision;

    public bool IsLearner => members.Configuration.IsLearner(identity.MemberId);
}
