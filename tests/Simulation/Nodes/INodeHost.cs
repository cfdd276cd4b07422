using Krewe.Raft.Core;
using Krewe.Simulation.Engine;
using Krewe.Simulation.Model;

namespace Krewe.Simulation.Nodes;

/// <summary>What a node needs of the world around it.</summary>
internal interface INodeHost
{
    SimRandom Random { get; }

    FaultProfile Profile { get; }

    /// <summary>Virtual time, in thousandths of a nominal tick.</summary>
    long Now { get; }

    /// <summary>Where to write what happens; null if nobody reads it.</summary>
    TextWriter? Trace { get; }

    void Send(SimNode from, in Message message);

    /// <summary>The leader answers for an entry that it has applied: whoever asked learns that it is committed.</summary>
    void Answer(SimNode leader, ulong index, ulong term);

    void ScheduleDisk(SimNode node, bool stalled);

    void ScheduleApply(SimNode node);

    SimSnapshot Register(ulong index, ulong term, ConfState confState, object data);

    SimSnapshot Find(SnapshotMetadata metadata);

    void Complete(int client, int number, IOperation operation, object? result);

    void Fail(int client, int number, IOperation operation);

    /// <summary>Called whenever a node's core may have changed.</summary>
    void Observe(SimNode node);

    void ObserveStored(SimNode node, ReadOnlySpan<Entry> entries);

    /// <summary>Called before an entry is applied.</summary>
    void ObserveApplied(SimNode node, in Entry entry);

    /// <summary>Called after it was applied.</summary>
    void ObserveState(SimNode node);
}
