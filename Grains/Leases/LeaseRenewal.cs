namespace Krewe.Grains.Leases;

/// <summary>Outcome of a renewal.</summary>
public enum LeaseRenewal
{
    Renewed = 0,
    NotFound,

    /// <summary>Past its time but not yet revoked: wait for the outcome (behaviour 172).</summary>
    Expiring,

    /// <summary>This member keeps no clocks.</summary>
    NotLeading,
}
