using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;

namespace Krewe.Grains.Cluster.Members;

/// <summary>Begins a transfer of leadership with etcd's errors (behaviour 283).</summary>
internal static class LeadershipMove
{
    public static EtcdError Begin(IConfigurationLog configuration, ulong target) => configuration.TransferLeadership(target) switch
    {
        TransferResult.NotLeader => EtcdError.NotLeader,
        TransferResult.UnknownMember or TransferResult.Learner => EtcdError.BadLeaderTransferee,
        _ => EtcdError.None,
    };
}
