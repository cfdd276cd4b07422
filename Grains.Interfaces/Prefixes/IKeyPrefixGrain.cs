using Orleans.Concurrency;

namespace Krewe.Grains.Interfaces.Prefixes;

/// <summary>
/// The only writer of one registered key prefix. Its grain key is the prefix in lower-case hex, empty-prefix root: <c>root</c>.
/// It runs on the Raft leader's silo.
/// </summary>
[Alias("krewe.IKeyPrefixGrain")]
public interface IKeyPrefixGrain : IGrainWithStringKey
{
    /// <summary>Evaluates the batch against the tail of the log, appends it, and answers once it is committed and applied.</summary>
    [AlwaysInterleave]
    [Alias("Write")]
    ValueTask<WriteBatchReply> WriteAsync(WriteBatch batch);

    /// <summary>Makes sure that the grain is active, so that a transaction over several prefixes can name it as an owner.</summary>
    [AlwaysInterleave]
    [Alias("Enlist")]
    ValueTask<PrefixOwner> EnlistAsync();
}
