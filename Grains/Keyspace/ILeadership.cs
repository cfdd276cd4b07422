namespace Krewe.Grains.Keyspace;

/// <summary>Who leads, as this member knows it.</summary>
public interface ILeadership
{
    ulong MemberId { get; }

    /// <summary>0 when no leader is known.</summary>
    ulong LeaderId { get; }

    ulong Term { get; }

    /// <summary>Whether this member leads and has applied the first entry of its own term, so that it knows the tail of the log.</summary>
    bool IsReadyLeader { get; }

    /// <summary>Completes when leadership, term or readiness changes from what it was at the call.</summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);
}
