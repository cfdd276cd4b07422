namespace Krewe.Simulation.Engine;

/// <summary>Events in order of virtual time, and of scheduling where times are equal.</summary>
internal sealed class EventQueue
{
    private const int SequenceBits = 28;

    private readonly PriorityQueue<SimEvent, ulong> _queue = new();
    private ulong _sequence;

    /// <summary>Virtual time, in thousandths of a nominal tick.</summary>
    public long Now { get; private set; }

    /// <summary>Events handled so far: a total order of everything that happens.</summary>
    public long Step { get; private set; }

    public void Schedule(long delay, SimEvent item)
        => _queue.Enqueue(item, ((ulong)(Now + Math.Max(0, delay)) << SequenceBits) | (_sequence++ & ((1UL << SequenceBits) - 1)));

    public SimEvent Next()
    {
        if (!_queue.TryDequeue(out SimEvent item, out ulong key))
        {
            throw new InvalidOperationException("the simulation ran out of events");
        }

        Now = (long)(key >> SequenceBits);
        Step++;
        return item;
    }
}
