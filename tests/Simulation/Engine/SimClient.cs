using Krewe.Simulation.Model;

namespace Krewe.Simulation.Engine;

/// <summary>A client with at most one operation at a time.</summary>
internal sealed class SimClient
{
    /// <summary>Number of the current operation; answers to earlier ones come too late.</summary>
    public int Number { get; set; }

    public IOperation? Operation { get; set; }

    public bool IsWaiting { get; set; }
}
