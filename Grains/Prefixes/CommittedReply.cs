using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Replication;

namespace Krewe.Grains.Prefixes;

/// <summary>The reply of a batch, once its entry is committed and applied. Waits off the grain's scheduler.</summary>
internal static class CommittedReply
{
    /// <summary>Waits for the entry; <paramref name="resign"/> is called if it did not take effect, before the failure is told.</summary>
    public static async Task<WriteBatchReply> WaitAsync(
        TailAppender appender, AppendedEntry entry, KvOutcome[] outcomes, Action resign)
    {
        try
        {
            await appender.WaitAsync(entry).ConfigureAwait(false);
        }
        catch (NotOwnerException)
        {
            resign();
            throw;
        }

        return new WriteBatchReply(outcomes, entry.Index, entry.Term);
    }
}
