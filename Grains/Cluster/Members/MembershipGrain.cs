using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace Krewe.Grains.Cluster.Members;

/// <summary>Membership changes on the leader's silo. The queue of changes is that of its calls: it is not reentrant.</summary>
[GrainDirectory("raft")]
[LeaderPlacement]
[KeepAlive]
[Immovable]
public sealed class MembershipGrain(MemberChanger changer, IReplicatedLog log, IConfigurationLog configuration) : Grain, IMembershipGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        log.IsReadyLeader ? Task.CompletedTask : throw new NotOwnerException("this silo does not lead");

    public Task<MemberChanged> AddAsync(IReadOnlyList<string> peerUrls, bool isLearner) => ChangeAsync(() => changer.AddAsync(peerUrls, isLearner));

    public Task<MemberChanged> RemoveAsync(ulong id) => ChangeAsync(() => changer.RemoveAsync(id));

    public Task<MemberChanged> UpdateAsync(ulong id, IReadOnlyList<string> peerUrls) => ChangeAsync(() => changer.UpdateAsync(id, peerUrls));

    public Task<MemberChanged> PromoteAsync(ulong id) => ChangeAsync(() => changer.PromoteAsync(id));

    public Task MoveLeaderAsync(ulong target) => LeadershipMove.Begin(configuration, target) is var error && error == EtcdError.None
        ? Task.CompletedTask
        : Task.FromException(new EtcdException(error));

    private async Task<MemberChanged> ChangeAsync(Func<Task<MemberChanged>> change)
    {
        try
        {
            return await change();
        }
        catch (NotOwnerException)
        {
            this.DeactivateOnIdle();
            throw;
        }
    }
}
