using Krewe.Raft.Core;

namespace Krewe.Grains.Replication;

/// <summary>The consensus group as those see it who change who belongs to it.</summary>
public interface IConfigurationLog
{
    /// <summary>
    /// Appends a membership change if this member leads in <paramref name="term"/> and no other change is under way
    /// (<see cref="AppendRefusal.Overloaded"/> otherwise). Its outcome carries a <see cref="Cluster.Members.ConfChangeRefusal"/> if it changed
    /// nothing.
    /// </summary>
    AppendRefusal TryAppendConfChange(ulong term, ConfChange change, out AppendedEntry entry);

    /// <summary>The leader's view of the members; empty on other members.</summary>
    IReadOnlyList<ProgressStatus> Progress();

    /// <summary>Starts handing leadership over to a voter.</summary>
    TransferResult TransferLeadership(ulong to);
}
