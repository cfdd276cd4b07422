using Krewe.Simulation.Engine;
using Krewe.Simulation.Nodes;

namespace Krewe.Simulation.Keyspace;

/// <summary>The monotonic clock of a node in milliseconds: fast or slow as the node's ticks are. Timers never fire.</summary>
internal sealed class SimClock(SimNode node) : TimeProvider
{
    /// <summary>What a nominal tick stands for.</summary>
    public const int TickMilliseconds = 100;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => node.Host.Now * TickMilliseconds / node.TickPeriod;

    /// <summary>Virtual time that passes while the node's clock goes on by so much.</summary>
    public static long Units(long milliseconds, long tickPeriod) => milliseconds * tickPeriod / TickMilliseconds;

    /// <summary>Virtual time in nominal milliseconds.</summary>
    public static long Nominal(long units) => units * TickMilliseconds / FaultProfile.TickUnits;
}
