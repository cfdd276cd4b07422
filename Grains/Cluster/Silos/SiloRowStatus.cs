namespace Krewe.Grains.Cluster.Silos;

/// <summary>Orleans' silo statuses; the numbers are Orleans' own and part of the row format.</summary>
public enum SiloRowStatus : byte
{
    None = 0,
    Created = 1,
    Joining = 2,
    Active = 3,
    ShuttingDown = 4,
    Stopping = 5,
    Dead = 6,
}
