using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Api.Security;

/// <summary>What an operation on keys needs (behaviours 187, 214-216), asked in etcd's order.</summary>
internal static class KvPermissions
{
    /// <summary>The first refusal, or none.</summary>
    public static EtcdError Check(IAuthClient auth, IAuthView view, AuthIdentity? identity, KvOperation operation) => operation switch
    {
        RangeRequest range => view.CheckRead(identity, range.Key.Span, range.RangeEnd.Span),
        PutRequest put => CheckPut(auth, view, identity, put),
        DeleteRangeRequest delete => CheckDelete(view, identity, delete),
        TxnRequest txn => CheckTxn(auth, view, identity, txn),
        _ => EtcdError.None,
    };

    /// <summary>Whether the answer depends on what is attached to leases.</summary>
    public static bool DependsOnLeases(KvOperation operation) => operation switch
    {
        PutRequest put => put.Lease != 0,
        TxnRequest txn => AnyDependsOnLeases(txn.Success) || AnyDependsOnLeases(txn.Failure),
        _ => false,
    };

    /// <summary>Whether all keys of a lease may be written (behaviour 187).</summary>
    public static EtcdError CheckLeaseWrite(IAuthClient auth, IAuthView view, AuthIdentity? identity, long leaseId)
    {
        if (leaseId == 0 || view.CheckAdmin(identity) == EtcdError.None)
        {
            return EtcdError.None;
        }

        foreach (var key in auth.KeysOfLease(leaseId))
        {
            if (view.CheckWrite(identity, key.Span, default) is var error && error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }

    /// <summary>Whether all keys of a lease may be read (behaviour 188).</summary>
    public static EtcdError CheckLeaseRead(IAuthClient auth, IAuthView view, AuthIdentity? identity, long leaseId)
    {
        if (view.CheckAdmin(identity) == EtcdError.None)
        {
            return EtcdError.None;
        }

        foreach (var key in auth.KeysOfLease(leaseId))
        {
            if (view.CheckRead(identity, key.Span, default) is var error && error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }

    private static bool AnyDependsOnLeases(IReadOnlyList<KvOperation> operations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (DependsOnLeases(operations[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static EtcdError CheckPut(IAuthClient auth, IAuthView view, AuthIdentity? identity, PutRequest put)
    {
        var error = view.CheckWrite(identity, put.Key.Span, default);
        if (error == EtcdError.None)
        {
            error = CheckLeaseWrite(auth, view, identity, put.Lease);
        }

        return error == EtcdError.None && put.PrevKv ? view.CheckRead(identity, put.Key.Span, default) : error;
    }

    private static EtcdError CheckDelete(IAuthView view, AuthIdentity? identity, DeleteRangeRequest delete)
    {
        var error = view.CheckWrite(identity, delete.Key.Span, delete.RangeEnd.Span);
        return error == EtcdError.None && delete.PrevKv ? view.CheckRead(identity, delete.Key.Span, delete.RangeEnd.Span) : error;
    }

    private static EtcdError CheckTxn(IAuthClient auth, IAuthView view, AuthIdentity? identity, TxnRequest txn)
    {
        for (var i = 0; i < txn.Compares.Count; i++)
        {
            var compare = txn.Compares[i];
            if (view.CheckRead(identity, compare.Key.Span, compare.RangeEnd.Span) is var error && error != EtcdError.None)
            {
                return error;
            }
        }

        var refusal = CheckAll(auth, view, identity, txn.Success);
        return refusal == EtcdError.None ? CheckAll(auth, view, identity, txn.Failure) : refusal;
    }

    private static EtcdError CheckAll(IAuthClient auth, IAuthView view, AuthIdentity? identity, IReadOnlyList<KvOperation> operations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (Check(auth, view, identity, operations[i]) is var error && error != EtcdError.None)
            {
                return error;
            }
        }

        return EtcdError.None;
    }
}
