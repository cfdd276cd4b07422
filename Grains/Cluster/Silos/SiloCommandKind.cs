namespace Krewe.Grains.Cluster.Silos;

/// <summary>Commands on the silo membership table. The numbers are part of the log format.</summary>
public enum SiloCommandKind : byte
{
    /// <summary>Adds a row; compares the table version.</summary>
    Insert = 1,

    /// <summary>Replaces a row; compares the row's etag and the table version.</summary>
    Update = 2,

    /// <summary>Records a sign of life, unconditionally; changes no etag and no version.</summary>
    Alive = 3,

    /// <summary>Removes rows that are not Active and were last seen before a time.</summary>
    Cleanup = 4,

    /// <summary>Removes all rows.</summary>
    Clear = 5,

    /// <summary>A starting member declares its earlier generations Dead, whatever their address was.</summary>
    SupersedeMember = 6,

    /// <summary>Declares one silo Dead, unconditionally: the Raft leader's word about a member that it cannot reach.</summary>
    Evict = 7,
}
