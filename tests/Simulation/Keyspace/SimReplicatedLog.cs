using Krewe.Grains.Replication;
using Krewe.Raft.Core;
using Krewe.Silo.Replication;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Keyspace;

/// <summary>The log as the grains of a node's silo see it: leadership as last published, appends as the core answers them.</summary>
internal sealed class SimReplicatedLog(SimNode node, ApplyWaiters waiters) : IReplicatedLog
{
    public ulong MemberId => node.Id;

    public ulong LeaderId { get; private set; }

    public ulong Term { get; private set; }

    public bool IsReadyLeader { get; private set; }

    /// <summary>What was appended last.</summary>
    public AppendedEntry? Last { get; set; }

    public void Publish(ulong term, ulong leaderId, bool isReadyLeader)
    {
        Term = term;
        LeaderId = leaderId;
        IsReadyLeader = isReadyLeader;
    }

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReadBarrierAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public AppendRefusal TryAppend(ulong term, ReadOnlyMemory<byte> payload, out AppendedEntry entry)
    {
        entry = default;
        if (node.Core is not { } core)
        {
            return AppendRefusal.Stopped;
        }

        if (core.Term != term)
        {
            return AppendRefusal.NotLeader;
        }

        ProposeResult result = core.TryPropose(payload, out ulong index, out ulong appendedTerm);
        if (result != ProposeResult.Accepted)
        {
            return result switch
            {
                ProposeResult.NotLeader => AppendRefusal.NotLeader,
                ProposeResult.TransferInProgress => AppendRefusal.Transferring,
                _ => AppendRefusal.Overloaded,
            };
        }

        entry = new AppendedEntry(index, appendedTerm, waiters.Add(index, appendedTerm));
        Last = entry;
        return AppendRefusal.None;
    }
}
