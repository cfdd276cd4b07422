namespace Krewe.Grains.Keyspace.Evaluation;

/// <summary>Whether a batch may be evaluated at the tail.</summary>
public enum TailStatus
{
    Ready = 0,

    /// <summary>The writer is not the registered owner: its grain must be activated anew (design, section 4).</summary>
    NotOwner = 1,

    /// <summary>
    /// An entry was refused when it was applied, so those behind it will be too. Try again once all that is in flight is applied.
    /// </summary>
    Resynchronising = 2,
}
