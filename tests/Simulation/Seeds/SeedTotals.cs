using Krewe.Simulation.Engine;
using Krewe.Simulation.Keyspace;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Seeds;

/// <summary>What a number of histories contained: proof that they were not empty.</summary>
internal sealed class SeedTotals
{
    private readonly Lock _gate = new();

    public int Histories { get; private set; }

    public long Events { get; private set; }

    public long Commits { get; private set; }

    public long Elections { get; private set; }

    public long Operations { get; private set; }

    public NodeCounts Counts { get; } = new();

    public KeyspaceCounts Keyspace { get; } = new();

    public void Add(Cluster cluster)
    {
        lock (_gate)
        {
            Histories++;
            Events += cluster.Steps;
            Commits += (long)cluster.Committed;
            Elections += cluster.Elections;
            Operations += cluster.CompletedOperations;
            if (cluster.Workload is KeyspaceWorkload keyspace)
            {
                Keyspace.Add(keyspace.Counts);
            }

            foreach (SimNode node in cluster.Nodes)
            {
                Counts.Add(node.Counts);
            }
        }
    }

    public override string ToString()
        => $"{Histories} histories, {Events} events, {Elections} elections, {Commits} commits, {Operations} operations, "
            + $"{Counts.LeaseReads} lease reads, {Counts.Crashes} crashes, {Counts.TornTails} torn logs, {Counts.Restores} snapshots restored, "
            + $"{Counts.CommitsLearnt} commits learnt from answers, "
            + $"{Counts.ConfChanges} membership changes ({Counts.JointConfigurations} joint)";
}
