namespace Krewe.Grains.Replication;

/// <summary>How far this member has applied the log.</summary>
public interface IAppliedIndex
{
    /// <summary>
    /// Completes when the entry at the index was applied here. Throws EtcdException Timeout after the request timeout: what the entry did
    /// stands, but this member is far behind.
    /// </summary>
    ValueTask WaitAppliedAsync(ulong index, CancellationToken cancellationToken);

    /// <summary>The leader said in an answer that its entry of this term is committed, which may be sooner known so than from the log's messages.</summary>
    void ObserveCommitted(ulong index, ulong term)
    {
    }
}
