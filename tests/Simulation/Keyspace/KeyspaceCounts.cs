namespace Krewe.Simulation.Keyspace;

/// <summary>What happened: proof that histories reached it.</summary>
internal sealed class KeyspaceCounts
{
    public long Registrations { get; set; }

    /// <summary>Writes of activations that were not the owners, or not any more, or not where they could be.</summary>
    public long FencedWrites { get; set; }

    public long ZombieWrites { get; set; }

    public long SpanningWrites { get; set; }

    public long BatchedWrites { get; set; }

    public long Expiries { get; set; }

    public long Renewals { get; set; }

    /// <summary>Remaining times of leases that were replicated.</summary>
    public long Checkpoints { get; set; }

    public long CheckpointsForgotten { get; set; }

    public long WatchEvents { get; set; }

    public long WatchResumes { get; set; }

    public long StoreCopies { get; set; }

    public long CompactionSteps { get; set; }

    public long Retries { get; set; }

    public void Add(KeyspaceCounts other)
    {
        Registrations += other.Registrations;
        FencedWrites += other.FencedWrites;
        ZombieWrites += other.ZombieWrites;
        SpanningWrites += other.SpanningWrites;
        BatchedWrites += other.BatchedWrites;
        Expiries += other.Expiries;
        Renewals += other.Renewals;
        Checkpoints += other.Checkpoints;
        CheckpointsForgotten += other.CheckpointsForgotten;
        WatchEvents += other.WatchEvents;
        WatchResumes += other.WatchResumes;
        StoreCopies += other.StoreCopies;
        CompactionSteps += other.CompactionSteps;
        Retries += other.Retries;
    }

    public override string ToString() =>
        $"{Registrations} registrations, {FencedWrites} writes fenced off ({ZombieWrites} by zombies), {SpanningWrites} writes over several prefixes, "
        + $"{BatchedWrites} batched, {Retries} tried again, {Expiries} leases expired, {Renewals} renewals, {Checkpoints} lease checkpoints ({CheckpointsForgotten} forgotten), {WatchEvents} watch events, "
        + $"{WatchResumes} watches resumed, {StoreCopies} stores copied, {CompactionSteps} compaction steps";
}
