using Krewe.Grains.Keyspace;

namespace Krewe.Grains.Replication;

/// <summary>
/// The replicated log as the grains of the leader's silo see it. Append is synchronous and quick: the caller evaluates and appends
/// in one turn, so the order of evaluation is the order of the log (design, section 5).
/// </summary>
public interface IReplicatedLog : ILeadership
{
    /// <summary>Appends if this member leads in <paramref name="term"/>. The payload belongs to the log from then on.</summary>
    AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry);

    /// <summary>
    /// Completes when local state is at least as new as every write acknowledged before the call (behaviour 40). On a leader with a
    /// valid lease it completes at once. Throws EtcdException Timeout or LeaderChanged (behaviour 353).
    /// </summary>
    ValueTask ReadBarrierAsync(CancellationToken cancellationToken);
}
