using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using AuthClient = Krewe.Api.Protos.Etcd.Auth.AuthClient;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>One server of a run, with its users' tokens.</summary>
internal sealed class AuthDiffTarget(IEtcdTarget target)
{
    private readonly AuthClient _auth = new(target.Channel);
    private readonly Canon _canon = new(0);
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    /// <summary>Calls and writes the normalised answer, or the error with code and text; null answer when it failed.</summary>
    public async Task<(string Text, IMessage? Answer)> CallAsync(AuthDiffOp op)
    {
        try
        {
            var headers = op.User is not null && _tokens.TryGetValue(op.User, out var token) ? new Metadata { { "token", token } } : [];
            var answer = await InvokeAsync(op.Request, new CallOptions(headers, DateTime.UtcNow.AddSeconds(20)));
            if (answer is AuthenticateResponse authenticated)
            {
                _tokens[((AuthenticateRequest)op.Request).Name] = authenticated.Token;
                authenticated.Token = authenticated.Token.Length > 0 ? "set" : "";
            }

            KnownDifferences.Normalise(op.Request, answer);
            AuthKnownDifferences.Normalise(op.Request, answer);
            return (_canon.Write(answer), answer);
        }
        catch (RpcException e)
        {
            return ($"error {e.StatusCode}: {e.Status.Detail}", null);
        }
    }

    private async Task<IMessage> InvokeAsync(IMessage request, CallOptions options) => request switch
    {
        RangeRequest range => await target.Kv.RangeAsync(range, options),
        PutRequest put => await target.Kv.PutAsync(put, options),
        DeleteRangeRequest delete => await target.Kv.DeleteRangeAsync(delete, options),
        TxnRequest txn => await target.Kv.TxnAsync(txn, options),
        CompactionRequest compaction => await target.Kv.CompactAsync(compaction, options),
        LeaseGrantRequest grant => await target.Lease.LeaseGrantAsync(grant, options),
        LeaseRevokeRequest revoke => await target.Lease.LeaseRevokeAsync(revoke, options),
        LeaseTimeToLiveRequest lease => await target.Lease.LeaseTimeToLiveAsync(lease, options),
        LeaseLeasesRequest leases => await target.Lease.LeaseLeasesAsync(leases, options),
        HashKVRequest hash => await target.Maintenance.HashKVAsync(hash, options),
        AuthenticateRequest authenticate => await _auth.AuthenticateAsync(authenticate, options),
        AuthStatusRequest status => await _auth.AuthStatusAsync(status, options),
        AuthEnableRequest enable => await _auth.AuthEnableAsync(enable, options),
        AuthDisableRequest disable => await _auth.AuthDisableAsync(disable, options),
        AuthUserAddRequest add => await _auth.UserAddAsync(add, options),
        AuthUserGetRequest get => await _auth.UserGetAsync(get, options),
        AuthUserListRequest list => await _auth.UserListAsync(list, options),
        AuthUserDeleteRequest delete => await _auth.UserDeleteAsync(delete, options),
        AuthUserChangePasswordRequest change => await _auth.UserChangePasswordAsync(change, options),
        AuthUserGrantRoleRequest grant => await _auth.UserGrantRoleAsync(grant, options),
        AuthUserRevokeRoleRequest revoke => await _auth.UserRevokeRoleAsync(revoke, options),
        AuthRoleAddRequest add => await _auth.RoleAddAsync(add, options),
        AuthRoleGetRequest get => await _auth.RoleGetAsync(get, options),
        AuthRoleListRequest list => await _auth.RoleListAsync(list, options),
        AuthRoleDeleteRequest delete => await _auth.RoleDeleteAsync(delete, options),
        AuthRoleGrantPermissionRequest grant => await _auth.RoleGrantPermissionAsync(grant, options),
        AuthRoleRevokePermissionRequest revoke => await _auth.RoleRevokePermissionAsync(revoke, options),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Descriptor.Name, "not a request of these runs"),
    };
}
