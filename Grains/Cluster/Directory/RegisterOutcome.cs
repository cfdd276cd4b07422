namespace Krewe.Grains.Cluster.Directory;

/// <summary>What a registration does to the directory.</summary>
public enum RegisterOutcome
{
    /// <summary>It becomes, or already is, the registration.</summary>
    Registered,

    /// <summary>Another activation is registered and stays.</summary>
    Kept,

    /// <summary>The silo may not own grains, or the term that the registration was made for is over.</summary>
    Refused,
}
