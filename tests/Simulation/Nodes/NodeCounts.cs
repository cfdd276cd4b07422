namespace Krewe.Simulation.Nodes;

internal sealed class NodeCounts
{
    public int Crashes { get; set; }

    public int Restores { get; set; }

    public int ConfChanges { get; set; }

    public int JointConfigurations { get; set; }

    public int LeaseReads { get; set; }

    /// <summary>Times that a follower committed because of an answer, not of a message of Raft's.</summary>
    public int CommitsLearnt { get; set; }

    /// <summary>Power failures that tore the end of the real log.</summary>
    public int TornTails { get; set; }

    public void Add(NodeCounts other)
    {
        Crashes += other.Crashes;
        Restores += other.Restores;
        ConfChanges += other.ConfChanges;
        JointConfigurations += other.JointConfigurations;
        LeaseReads += other.LeaseReads;
        CommitsLearnt += other.CommitsLearnt;
        TornTails += other.TornTails;
    }
}
