using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Cluster.Placement;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Keyspace.Evaluation;
using Krewe.Grains.Replication;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace Krewe.Grains.Prefixes;

/// <summary>
/// The only writer of its prefix (design, section 5). It sits on the Raft leader's silo, evaluates batches against applied and pending
/// state, and appends their effects. Each entry carries its activation and term, so that an activation which is no
/// longer the registered owner can not write.
/// </summary>
[GrainType(PrefixGrainKey.GrainType)]
[GrainDirectory("raft")]
[LeaderPlacement]
[Reentrant]
[KeepAlive]
[Immovable]
public sealed class KeyPrefixGrain(
    TailAppender appender,
    ILeadership leadership,
    ITailOwnership directory,
    PrefixMapModule prefixes,
    IGrainFactory grains) : Grain, IKeyPrefixGrain
{
    private PrefixOwner _self;
    private PrefixOwner[] _selfOnly = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!leadership.IsReadyLeader)
        {
            throw new NotOwnerException("this silo does not lead");
        }

        if (!PrefixGrainKey.TryParse(this.GetPrimaryKeyString(), out var prefix))
        {
            throw new ArgumentException($"{this.GetPrimaryKeyString()} names no prefix");
        }

        _self = new PrefixOwner(prefix, ActivationGuid.From(GrainContext.ActivationId), leadership.Term);
        _selfOnly = [_self];
        return Task.CompletedTask;
    }

    /// <summary>
    /// Answers who this is. An activation that does not own its prefix any more must find out here: only the grain that asked learns that the
    /// write was refused, so that it would be asked again and again.
    /// </summary>
    public ValueTask<PrefixOwner> EnlistAsync()
    {
        if (_self.Term != leadership.Term || !leadership.IsReadyLeader || !directory.IsOwner(_self.Prefix.Span, _self.ActivationId))
        {
            Resign();
            throw new NotOwnerException("this activation does not own its prefix any more");
        }

        return ValueTask.FromResult(_self);
    }

    public async ValueTask<WriteBatchReply> WriteAsync(WriteBatch batch)
    {
        var outcomes = new KvOutcome[batch.Operations.Count];
        try
        {
            var owners = prefixes.Map.IsRootOnly ? _selfOnly : await OwnersAsync(batch);
            var entry = appender.AppendNow(
                _self.Term,
                owners,
                (batch.Operations, outcomes),
                static (tail, work) => Evaluate(tail, work.Operations, work.outcomes),
                batch.AuthStamp);
            var committed = CommittedReply.WaitAsync(appender, entry, outcomes, Resign);
            if (batch.Local is { } local)
            {
                local.Committed = committed;
                return WriteBatchReply.Appended;
            }

            return await committed;
        }
        catch (NotOwnerException)
        {
            Resign();
            throw;
        }
    }

    /// <summary>Whoever is the owner now gets the retry; this activation has nothing more to say.</summary>
    private void Resign() => this.DeactivateOnIdle();

    private static void Evaluate(TailBatch tail, IReadOnlyList<KvOperation> operations, KvOutcome[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = tail.Evaluate(operations[i]);
        }
    }

    /// <summary>Enlists the grains of the other prefixes that the batch writes, in prefix order.</summary>
    private async ValueTask<ReadOnlyMemory<PrefixOwner>> OwnersAsync(WriteBatch batch)
    {
        var map = prefixes.Map;
        var written = new SortedSet<int>();
        foreach (var operation in batch.Operations)
        {
            WrittenPrefixes.Collect(map, operation, written);
        }

        var owners = new List<PrefixOwner>(written.Count);
        foreach (var position in written)
        {
            var prefix = map.Prefixes[position];
            owners.Add(prefix.AsSpan().SequenceEqual(_self.Prefix.Span)
                ? _self
                : await grains.GetGrain<IKeyPrefixGrain>(PrefixGrainKey.Format(prefix)).EnlistAsync());
        }

        return owners.ToArray();
    }
}
