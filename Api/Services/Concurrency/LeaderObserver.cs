using System.Runtime.CompilerServices;
using Krewe.Api.Grpc;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Watch;

namespace Krewe.Api.Services.Concurrency;

/// <summary>Follows who leads an election and what they proclaim (behaviour 302).</summary>
internal sealed class LeaderObserver(CandidateQueue queue, KeyWatcher watcher, AuthGuard guard)
{
    /// <summary>
    /// The leader's key now, then each new value of it, then its successors', each with the header's revision. Values of a leader that
    /// was gone before it was looked for are left out. Ends with the error when the caller may not read the election any more.
    /// </summary>
    public async IAsyncEnumerable<(long Revision, KeyValue Leader)> ObserveAsync(GrpcCall call, byte[] prefix)
    {
        var rights = new ObserverRights(guard, call, prefix);
        while (true)
        {
            var (revision, leader) = await NextLeaderAsync(call, prefix);
            rights.Require();
            yield return (revision, leader);
            await foreach (var proclaimed in ProclaimedAsync(leader.Key, revision + 1, call.CancellationToken))
            {
                rights.Require();
                yield return proclaimed;
            }
        }
    }

    private async ValueTask<(long Revision, KeyValue Leader)> NextLeaderAsync(GrpcCall call, byte[] prefix)
    {
        var first = await queue.FirstAsync(call, prefix);
        if (first.Kvs.Count > 0)
        {
            return (first.Revision, first.Kvs[0]);
        }

        var end = CandidateKey.EndOf(prefix);
        await foreach (var batch in watcher.WatchAsync(prefix, end, first.Revision, WatchFilters.NoDelete, call.CancellationToken))
        {
            // A batch may hold many puts; the answer speaks as of the first.
            var kv = batch.Events[0].Kv;
            return (kv.ModRevision, kv);
        }

        throw new InvalidOperationException("a watch never ends by itself");
    }

    /// <summary>Ends when the leader's key is deleted.</summary>
    private async IAsyncEnumerable<(long Revision, KeyValue Leader)> ProclaimedAsync(
        ReadOnlyMemory<byte> key, long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in watcher.WatchAsync(key, default, revision, WatchFilters.None, cancellationToken))
        {
            foreach (var change in batch.Events)
            {
                if (change.IsDelete)
                {
                    yield break;
                }

                yield return (batch.Revision, change.Kv);
            }
        }
    }
}
