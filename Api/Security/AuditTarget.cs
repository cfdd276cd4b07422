using System.Diagnostics.CodeAnalysis;
using System.Text;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;
using Krewe.Grains.Interfaces.Kv;
using DeleteRangeRequest = Krewe.Grains.Interfaces.Kv.DeleteRangeRequest;
using PutRequest = Krewe.Grains.Interfaces.Kv.PutRequest;
using RangeRequest = Krewe.Grains.Interfaces.Kv.RangeRequest;
using TxnRequest = Krewe.Grains.Interfaces.Kv.TxnRequest;

namespace Krewe.Api.Security;

/// <summary>What a request is about, for the audit log: keys and names of bounded length, never values or passwords.</summary>
internal static class AuditTarget
{
    /// <summary>Longest part of a key or name that is shown, in bytes.</summary>
    private const int MaxShownBytes = 256;

    /// <summary>Most operations of a transaction that are shown, over all of its branches; the rest is counted.</summary>
    private const int MaxShownOperations = 16;

    public static string Of(object? message) => message switch
    {
        PutRequest put => Keys(put.Key.Span, default),
        DeleteRangeRequest delete => Keys(delete.Key.Span, delete.RangeEnd.Span),
        RangeRequest range => Keys(range.Key.Span, range.RangeEnd.Span),
        TxnRequest txn => Operations(txn),
        LockRequest request => $"name={Show(request.Name.Span)} lease={request.Lease}",
        UnlockRequest request => Keys(request.Key.Span, default),
        CampaignRequest request => $"name={Show(request.Name.Span)} lease={request.Lease}",
        ProclaimRequest request => Leader(request.Leader),
        ResignRequest request => Leader(request.Leader),
        LeaseGrantRequest grant => $"lease={grant.ID} ttl={grant.TTL}",
        LeaseRevokeRequest revoke => $"lease={revoke.ID}",
        CompactionRequest compaction => $"revision={compaction.Revision}",
        MemberAddRequest member => $"urls={Name(string.Join(',', member.PeerURLs))}",
        MemberRemoveRequest member => $"member={member.ID:x}",
        MemberUpdateRequest member => $"member={member.ID:x} urls={Name(string.Join(',', member.PeerURLs))}",
        MemberPromoteRequest member => $"member={member.ID:x}",
        AlarmRequest alarm => $"action={alarm.Action} alarm={alarm.Alarm} member={alarm.MemberID:x}",
        MoveLeaderRequest move => $"member={move.TargetID:x}",
        AuthenticateRequest authenticate => $"user={Name(authenticate.Name)}",
        AuthUserAddRequest add => $"user={Name(add.Name)}",
        AuthUserDeleteRequest delete => $"user={Name(delete.Name)}",
        AuthUserChangePasswordRequest change => $"user={Name(change.Name)}",
        AuthUserGrantRoleRequest grant => $"user={Name(grant.User)} role={Name(grant.Role)}",
        AuthUserRevokeRoleRequest revoke => $"user={Name(revoke.Name)} role={Name(revoke.Role)}",
        AuthRoleAddRequest add => $"role={Name(add.Name)}",
        AuthRoleDeleteRequest delete => $"role={Name(delete.Role)}",
        AuthRoleGrantPermissionRequest { Perm: { } perm } grant =>
            $"role={Name(grant.Name)} permission={perm.PermType} {Keys(perm.Key.Span, perm.RangeEnd.Span)}",
        AuthRoleRevokePermissionRequest revoke => $"role={Name(revoke.Role)} {Keys(revoke.Key.Span, revoke.RangeEnd.Span)}",
        _ => "",
    };

    /// <summary>A name of a client's choice, cut and escaped like a key.</summary>
    [return: NotNullIfNotNull(nameof(name))]
    public static string? Name(string? name) => name is null ? null : Show(Encoding.UTF8.GetBytes(name));

    public static string Keys(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) =>
        rangeEnd.IsEmpty ? $"key={Show(key)}" : $"key={Show(key)} range_end={Show(rangeEnd)}";

    private static string Leader(LeaderKey? leader) => leader is null ? "" : $"name={Show(leader.Name.Span)} {Keys(leader.Key.Span, default)}";

    private static string Operations(TxnRequest txn)
    {
        var text = new StringBuilder();
        var count = 0;
        Add(text, txn, ref count);
        return count > MaxShownOperations ? text.Append($"more={count - MaxShownOperations}").ToString() : text.ToString().TrimEnd();
    }

    private static void Add(StringBuilder text, TxnRequest txn, ref int count)
    {
        foreach (var operation in txn.Success.Concat(txn.Failure))
        {
            if (operation is TxnRequest inner)
            {
                Add(text, inner, ref count);
            }
            else if (++count <= MaxShownOperations)
            {
                text.Append(Verb(operation)).Append(' ').Append(Of(operation)).Append(' ');
            }
        }
    }

    private static string Verb(KvOperation operation) => operation switch
    {
        PutRequest => "put",
        DeleteRangeRequest => "delete",
        _ => "range",
    };

    /// <summary>Printable ASCII as it is, all else as \xNN, so that a key can not break a line or forge a field.</summary>
    private static string Show(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder(key.Length);
        foreach (var one in key[..Math.Min(key.Length, MaxShownBytes)])
        {
            if (one is > (byte)' ' and < 0x7f and not (byte)'\\')
            {
                text.Append((char)one);
            }
            else
            {
                text.Append("\\x").Append(one.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return key.Length > MaxShownBytes ? text.Append("...").ToString() : text.ToString();
    }
}
