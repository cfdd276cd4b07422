namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>
/// Where a caller in the grain's own process picks up the reply of a batch. The grain call then ends when the batch is appended, and the reply
/// does not travel back through the grain's scheduler and the message loop: two threads less to wake for each batch.
/// </summary>
public sealed class LocalReply
{
    /// <summary>Set by the grain before its call returns; null if the call went to another process.</summary>
    public Task<WriteBatchReply>? Committed { get; set; }
}
