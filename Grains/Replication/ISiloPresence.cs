namespace Krewe.Grains.Replication;

/// <summary>The silo through which this member calls grains. It may be given up and replaced by another one while the member runs.</summary>
public interface ISiloPresence
{
    /// <summary>Fires when the silo that is there now is given up: calls that are under way through it get no answer.</summary>
    CancellationToken Ending { get; }
}
