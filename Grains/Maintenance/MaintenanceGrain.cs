using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Prefixes;
using Krewe.Grains.Replication;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace Krewe.Grains.Maintenance;

/// <summary>Compaction and alarms on the leader's silo. It evaluates in the term that the leader is in, so it needs no fence of its own.</summary>
[GrainDirectory("raft")]
[LeaderPlacement]
[Reentrant]
[KeepAlive]
[Immovable]
public sealed class MaintenanceGrain(TailAppender appender, ILeadership leadership) : Grain, IMaintenanceGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        leadership.IsReadyLeader ? Task.CompletedTask : throw new NotOwnerException("this silo does not lead");

    public async ValueTask<CompactResult> CompactAsync(long revision)
    {
        var slot = new KvOutcome[1];
        await AppendAsync((revision, slot), static (batch, s) => s.slot[0] = batch.Compact(s.revision));
        return slot[0].Error == EtcdError.None ? (CompactResult)slot[0].Result! : throw new EtcdException(slot[0].Error);
    }

    public ValueTask ActivateAlarmAsync(Alarm alarm) => AppendAsync(alarm, static (batch, a) => batch.ActivateAlarm(a));

    public async ValueTask<bool> DeactivateAlarmAsync(Alarm alarm)
    {
        var removed = new bool[1];
        await AppendAsync((alarm, removed), static (batch, s) => s.removed[0] = batch.DeactivateAlarm(s.alarm).Count > 0);
        return removed[0];
    }

    private async ValueTask AppendAsync<TState>(TState state, TailAppender.Evaluation<TState> evaluate)
    {
        try
        {
            await appender.AppendAsync(leadership.Term, default, state, evaluate);
        }
        catch (NotOwnerException)
        {
            this.DeactivateOnIdle();
            throw;
        }
    }
}
