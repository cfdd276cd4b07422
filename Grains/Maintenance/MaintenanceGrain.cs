using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Replication;
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

    public async ValueTask<Committed<CompactResult>> CompactAsync(long revision)
    {
        var slot = new KvOutcome[1];
        var index = await AppendAsync((revision, slot), static (batch, s) => s.slot[0] = batch.Compact(s.revision));
        return slot[0].Error == EtcdError.None ? new Committed<CompactResult>((CompactResult)slot[0].Result!, index) : throw new EtcdException(slot[0].Error);
    }

    public async ValueTask<Committed<bool>> ActivateAlarmAsync(Alarm alarm) =>
        new(true, await AppendAsync(alarm, static (batch, a) => batch.ActivateAlarm(a)));

    public async ValueTask<Committed<bool>> DeactivateAlarmAsync(Alarm alarm)
    {
        var removed = new bool[1];
        var index = await AppendAsync((alarm, removed), static (batch, s) => s.removed[0] = batch.DeactivateAlarm(s.alarm).Count > 0);
        return new Committed<bool>(removed[0], index);
    }

    private async ValueTask<ulong> AppendAsync<TState>(TState state, TailAppender.Evaluation<TState> evaluate)
    {
        try
        {
            return await appender.AppendAsync(leadership.Term, default, state, evaluate);
        }
        catch (NotOwnerException)
        {
            this.DeactivateOnIdle();
            throw;
        }
    }
}
