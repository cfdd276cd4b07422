namespace Krewe.Grains.Keyspace.Storage;

/// <summary>The tables of a member's store. The numbers are part of the on-disk format.</summary>
public enum StoreTable : byte
{
    /// <summary>Format version, applied index, revision, compaction revisions, prefix map.</summary>
    Meta = 0,

    /// <summary>Key history by revision: sequential keys, so that a put is an append.</summary>
    Revisions = 1,

    /// <summary>Granted leases by ID.</summary>
    Leases = 2,

    /// <summary>Active alarms by member and type.</summary>
    Alarms = 3,

    /// <summary>Cluster members by ID.</summary>
    Members = 4,

    /// <summary>Orleans silo membership rows.</summary>
    Silos = 5,

    /// <summary>Orleans grain directory entries.</summary>
    Directory = 6,

    /// <summary>Users, roles and the auth revision.</summary>
    Auth = 7,
}
