namespace Krewe.Grains.Leases;

/// <summary>Outcome of a renewal.</summary>
public enum LeaseRenewal
{
    Renewed = 0,

    /// <summary>Renewed here, but the log holds a remaining time that must be forgotten before anybody is told (behaviour 179).</summary>
    RenewedOverCheckpoint,

    NotFound,

    /// <summary>Past its time but not yet revoked: wait for the outcome (behaviour 172).</summary>
    Expiring,

    /// <summary>This member keeps no clocks.</summary>
    NotLeading,
}
