using System.Runtime.CompilerServices;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Maintenance;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Keyspace;
using Krewe.Grains.Maintenance;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Prefixes;

/// <summary>
/// The keyspace on a member with a replica: reads are answered from local state behind a read barrier, writes go to the prefix grains
/// (design, sections 5 and 6).
/// </summary>
public sealed class KeyspaceClient(
    KeyspaceState state,
    IReplicatedLog log,
    PrefixMapModule prefixes,
    QuotaGuard quota,
    NoSpaceAlarm noSpace,
    CompactionDriver compaction,
    IGrainFactory grains,
    LeaderCalls calls) : IKeyspaceClient
{
    private readonly Lock _gate = new();
    private PrefixWriters _writers = new(PrefixMap.RootOnly, []);

    private sealed record PrefixWriters(PrefixMap Map, PrefixWriter[] ByPosition);

    public ValueTask<RangeResult> RangeAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        if (!request.Serializable)
        {
            var barrier = log.ReadBarrierAsync(cancellationToken);
            if (!barrier.IsCompletedSuccessfully)
            {
                return RangeBehindAsync(barrier, request);
            }
        }

        return ValueTask.FromResult((RangeResult)ResultOf(state.Range(request)));
    }

    public async IAsyncEnumerable<RangeResult> RangeStreamAsync(
        RangeRequest request, int targetChunkBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!request.Serializable)
        {
            await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
        }

        var reader = state.OpenRange(request, targetChunkBytes, out var error) ?? throw new EtcdException(error);
        while (!reader.IsDone)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return (RangeResult)ResultOf(reader.Next());
        }
    }

    public ValueTask<KvResult> WriteAsync(KvOperation operation, CancellationToken cancellationToken)
    {
        if (!quota.Admits(operation))
        {
            noSpace.Raise();
            return ValueTask.FromException<KvResult>(new EtcdException(EtcdError.NoSpace));
        }

        var writers = Writers();
        return writers.ByPosition[WrittenPrefixes.Home(writers.Map, operation)].WriteAsync(operation);
    }

    public async ValueTask<TxnResult> ReadTxnAsync(TxnRequest request, bool serializable, CancellationToken cancellationToken)
    {
        if (!serializable)
        {
            await log.ReadBarrierAsync(cancellationToken).ConfigureAwait(false);
        }

        return (TxnResult)ResultOf(state.ReadTxn(request));
    }

    public async ValueTask<CompactResult> CompactAsync(long revision, bool physical, CancellationToken cancellationToken)
    {
        var result = await calls.CommitAsync(
            (grains, revision), static call => call.grains.GetGrain<IMaintenanceGrain>(0).CompactAsync(call.revision)).ConfigureAwait(false);
        if (physical)
        {
            await compaction.WaitFinishedAsync(revision).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    private async ValueTask<RangeResult> RangeBehindAsync(ValueTask barrier, RangeRequest request)
    {
        await barrier.ConfigureAwait(false);
        return (RangeResult)ResultOf(state.Range(request));
    }

    private PrefixWriters Writers()
    {
        var map = prefixes.Map;
        var writers = Volatile.Read(ref _writers);
        return ReferenceEquals(writers.Map, map) && writers.ByPosition.Length > 0 ? writers : CreateWriters(map);
    }

    private PrefixWriters CreateWriters(PrefixMap map)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_writers.Map, map) || _writers.ByPosition.Length == 0)
            {
                var byPosition = map.Prefixes
                    .Select(p => new PrefixWriter(grains, PrefixGrainKey.Format(p), calls))
                    .ToArray();
                Volatile.Write(ref _writers, new PrefixWriters(map, byPosition));
            }

            return _writers;
        }
    }

    private static KvResult ResultOf(in KvOutcome outcome) =>
        outcome.Error == EtcdError.None ? outcome.Result! : throw new EtcdException(outcome.Error);
}
