namespace Krewe.Grains.Interfaces.Cluster;

/// <summary>What every response header and health check needs to know of this member. Reads are lock-free and cheap.</summary>
public interface IMemberStatus
{
    ulong ClusterId { get; }

    ulong MemberId { get; }

    /// <summary>0 when no leader is known.</summary>
    ulong LeaderId { get; }

    ulong RaftTerm { get; }

    /// <summary>Index of the last log entry.</summary>
    ulong RaftIndex { get; }

    ulong RaftAppliedIndex { get; }

    /// <summary>Current store revision: the highest applied one.</summary>
    long Revision { get; }

    bool IsLearner { get; }
}
