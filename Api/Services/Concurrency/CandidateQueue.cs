using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Security;
using Krewe.Api.Validation;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Leases;

namespace Krewe.Api.Services.Concurrency;

/// <summary>
/// The queue that locks and elections share: keys below one prefix, ordered by their create revision, each attached to the lease of
/// whoever waits. The first of them holds the lock or leads (behaviours 290, 298).
/// </summary>
internal sealed class CandidateQueue(
    IKeyspaceClient keyspace, KeyspaceGuard guard, AuthGuard auth, ILeaseClient leases, KeyWatcher watcher, ApiOptions options)
{
    /// <summary>TTL of the lease that stands in for a missing one; nobody renews it (behaviour 292).</summary>
    private const long DefaultTtlSeconds = 60;

    /// <summary>More than what a transaction of this shape has beside its keys and its value, in bytes.</summary>
    private const int TxnOverheadBytes = 128;

    /// <summary>The given lease, or a new one for 0.</summary>
    public async ValueTask<long> LeaseAsync(GrpcCall call, long lease)
    {
        if (lease != 0)
        {
            return lease;
        }

        await auth.RequireAsync(call, GrpcAccess.Identity);
        return (await leases.GrantAsync(0, DefaultTtlSeconds, call.CancellationToken)).Id;
    }

    /// <summary>Puts the candidate's key if it is absent, else reads it, and looks who is first.</summary>
    public async ValueTask<Candidacy> EnterAsync(
        GrpcCall call, byte[] prefix, byte[] key, ReadOnlyMemory<byte> value, long lease)
    {
        var put = new PutRequest { Key = key, Value = value, Lease = lease };
        var first = First(prefix);
        var result = await CommitAsync(call, key, 0, [put, first], [One(key), first]);
        var firstCreateRevision = ((RangeResult)result.Responses[1]).Kvs[0].CreateRevision;
        if (result.Succeeded)
        {
            return new Candidacy(result.Revision, result.Revision, firstCreateRevision, value);
        }

        var kv = ((RangeResult)result.Responses[0]).Kvs[0];
        return new Candidacy(kv.CreateRevision, result.Revision, firstCreateRevision, kv.Value);
    }

    /// <summary>Writes or deletes a candidate's key if it still lives the life that began at <paramref name="createRevision"/>.</summary>
    public ValueTask<TxnResult> ChangeAsync(GrpcCall call, ReadOnlyMemory<byte> key, long createRevision, KvOperation change) =>
        CommitAsync(call, key, createRevision, [change], []);

    /// <summary>Deletes a key and answers the revision of the header.</summary>
    public async ValueTask<long> DeleteAsync(GrpcCall call, ReadOnlyMemory<byte> key) =>
        (await guard.WriteAsync(call, new DeleteRangeRequest { Key = key })).Revision;

    /// <summary>
    /// Takes a candidate out whose call is over, by the server's own right: it put the key. Ends without doing so when permissions change at that
    /// very moment; then the key's lease ends the candidacy.
    /// </summary>
    public async ValueTask WithdrawAsync(byte[] key, long createRevision) =>
        await keyspace.WriteAsync(
            Transaction(key, createRevision, [new DeleteRangeRequest { Key = key }], [], auth.View.Stamp), CancellationToken.None);

    public ValueTask<RangeResult> GetAsync(GrpcCall call, ReadOnlyMemory<byte> key) => guard.RangeAsync(call, One(key));

    /// <summary>The key with the lowest create revision, if there is one.</summary>
    public ValueTask<RangeResult> FirstAsync(GrpcCall call, byte[] prefix) => guard.RangeAsync(call, First(prefix));

    /// <summary>
    /// Waits until no key of the prefix is older than <paramref name="createRevision"/>. Only the next older one is watched, so that a
    /// release wakes one waiter.
    /// </summary>
    public async Task WaitForTurnAsync(GrpcCall call, byte[] prefix, long createRevision)
    {
        while (true)
        {
            var older = await guard.RangeAsync(call, NextOlder(prefix, createRevision));
            if (older.Kvs.Count == 0)
            {
                return;
            }

            await watcher.WaitForDeleteAsync(older.Kvs[0].Key, older.Revision, call.CancellationToken);
        }
    }

    private static RangeRequest One(ReadOnlyMemory<byte> key) => new() { Key = key };

    private static RangeRequest First(byte[] prefix) => new()
    {
        Key = prefix,
        RangeEnd = CandidateKey.EndOf(prefix),
        Limit = 1,
        SortTarget = SortTarget.Create,
        SortOrder = SortOrder.Ascend,
    };

    private static RangeRequest NextOlder(byte[] prefix, long createRevision) => new()
    {
        Key = prefix,
        RangeEnd = CandidateKey.EndOf(prefix),
        Limit = 1,
        MaxCreateRevision = createRevision - 1,
        SortTarget = SortTarget.Create,
        SortOrder = SortOrder.Descend,
    };

    private async ValueTask<TxnResult> CommitAsync(
        GrpcCall call, ReadOnlyMemory<byte> key, long createRevision, KvOperation[] success, KvOperation[] failure)
    {
        var valueBytes = success[0] is PutRequest put ? put.Value.Length : 0;
        var keys = 1L + success.Length + failure.Length;
        if (RequestSize.IsTooLarge(TxnOverheadBytes + (keys * key.Length) + valueBytes, options.MaxRequestBytes))
        {
            throw new EtcdException(EtcdError.RequestTooLarge);
        }

        return (TxnResult)await guard.WriteAsync(call, Transaction(key, createRevision, success, failure, authStamp: 0));
    }

    private static TxnRequest Transaction(
        ReadOnlyMemory<byte> key, long createRevision, KvOperation[] success, KvOperation[] failure, ulong authStamp)
    {
        var unchanged = new Compare { Key = key, Target = CompareTarget.Create, Result = CompareResult.Equal, Number = createRevision };
        return new TxnRequest { Compares = [unchanged], Success = success, Failure = failure, AuthStamp = authStamp };
    }
}
