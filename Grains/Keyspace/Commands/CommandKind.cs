namespace Krewe.Grains.Keyspace.Commands;

/// <summary>What a command in a log entry does. The numbers are part of the log format.</summary>
public enum CommandKind : byte
{
    /// <summary>One revision: keys put and deleted, as effects.</summary>
    Mutation = 1,
    LeaseGrant = 2,

    /// <summary>Removes a lease; its keys' deletions are the mutation before it in the same entry.</summary>
    LeaseRevoke = 3,
    Compaction = 4,
    AlarmActivate = 5,
    AlarmDeactivate = 6,
    LeaseCheckpoint = 7,

    /// <summary>Cluster members (published name and URLs).</summary>
    MemberUpdate = 16,

    /// <summary>Orleans silo membership: rows and table version.</summary>
    SiloMembership = 17,

    /// <summary>Orleans grain directory: register, unregister, purge.</summary>
    GrainDirectory = 18,

    /// <summary>Registers or removes a key prefix.</summary>
    PrefixMap = 19,
    Auth = 20,
}
