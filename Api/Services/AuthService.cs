using Google.Protobuf;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Security;
using Krewe.Api.Validation;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Permission = Krewe.Api.Protos.Auth.Permission;

namespace Krewe.Api.Services;

/// <summary>etcdserverpb.Auth (behaviours 191-235). Headers are full ones (234).</summary>
internal sealed class AuthService(AuthGuard guard, HeaderSource headers, ApiOptions options) : IGrpcService
{
    private const string Service = "etcdserverpb.Auth";

    public IEnumerable<GrpcMethod> Methods =>
    [
        ProtoMethods.Unary(Service, "AuthEnable", AuthEnableRequest.Parser, EnableAsync),
        ProtoMethods.Unary(Service, "AuthDisable", AuthDisableRequest.Parser, DisableAsync),
        ProtoMethods.Unary(Service, "AuthStatus", AuthStatusRequest.Parser, StatusAsync),
        ProtoMethods.Unary(Service, "Authenticate", AuthenticateRequest.Parser, AuthenticateAsync),
        ProtoMethods.Unary(Service, "UserAdd", AuthUserAddRequest.Parser, UserAddAsync),
        ProtoMethods.Unary(Service, "UserGet", AuthUserGetRequest.Parser, UserGetAsync),
        ProtoMethods.Unary(Service, "UserList", AuthUserListRequest.Parser, UserListAsync),
        ProtoMethods.Unary(Service, "UserDelete", AuthUserDeleteRequest.Parser, UserDeleteAsync),
        ProtoMethods.Unary(Service, "UserChangePassword", AuthUserChangePasswordRequest.Parser, UserChangePasswordAsync),
        ProtoMethods.Unary(Service, "UserGrantRole", AuthUserGrantRoleRequest.Parser, UserGrantRoleAsync),
        ProtoMethods.Unary(Service, "UserRevokeRole", AuthUserRevokeRoleRequest.Parser, UserRevokeRoleAsync),
        ProtoMethods.Unary(Service, "RoleAdd", AuthRoleAddRequest.Parser, RoleAddAsync),
        ProtoMethods.Unary(Service, "RoleGet", AuthRoleGetRequest.Parser, RoleGetAsync),
        ProtoMethods.Unary(Service, "RoleList", AuthRoleListRequest.Parser, RoleListAsync),
        ProtoMethods.Unary(Service, "RoleDelete", AuthRoleDeleteRequest.Parser, RoleDeleteAsync),
        ProtoMethods.Unary(Service, "RoleGrantPermission", AuthRoleGrantPermissionRequest.Parser, RoleGrantPermissionAsync),
        ProtoMethods.Unary(Service, "RoleRevokePermission", AuthRoleRevokePermissionRequest.Parser, RoleRevokePermissionAsync),
    ];

    private async ValueTask<AuthEnableResponse> EnableAsync(GrpcCall call, AuthEnableRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.Enable));
        return new AuthEnableResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthDisableResponse> DisableAsync(GrpcCall call, AuthDisableRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.Disable));
        return new AuthDisableResponse { Header = headers.Proto() };
    }

    // Needs no identity, but does not take a bad one (behaviour 228).
    private async ValueTask<AuthStatusResponse> StatusAsync(GrpcCall call, AuthStatusRequest request)
    {
        var (view, _) = await ReadAsync(call);
        return new AuthStatusResponse { Header = headers.Proto(), Enabled = view.Enabled, AuthRevision = view.Revision };
    }

    private async ValueTask<AuthenticateResponse> AuthenticateAsync(GrpcCall call, AuthenticateRequest request)
    {
        var token = await guard.Client.AuthenticateAsync(request.Name, request.Password, call.CancellationToken);
        return new AuthenticateResponse { Header = headers.Proto(), Token = token };
    }

    // A hash that the client sends counts only where there is no password to hash: etcd hashes even an empty one (behaviour 197).
    private async ValueTask<AuthUserAddResponse> UserAddAsync(GrpcCall call, AuthUserAddRequest request)
    {
        var noPassword = request.Options?.NoPassword == true;
        var changer = await IdentifyChangerAsync(call);
        await ExecuteAsync(call, changer, new AuthCommand(AuthCommandKind.UserAdd)
        {
            User = request.Name,
            NoPassword = noPassword,
            PasswordHash = noPassword ? default : await guard.Client.HashPasswordAsync(request.Password, call.CancellationToken),
        });
        return new AuthUserAddResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthUserGetResponse> UserGetAsync(GrpcCall call, AuthUserGetRequest request)
    {
        var (view, identity) = await ReadAsync(call);
        var refusal = view.CheckAdmin(identity);
        AuthGuard.Require(refusal != EtcdError.None && request.Name == (identity?.UserName ?? "") ? EtcdError.None : refusal);
        var roles = view.RolesOf(request.Name) ?? throw new EtcdException(EtcdError.UserNotFound);
        return new AuthUserGetResponse { Header = headers.Proto(), Roles = { roles } };
    }

    private async ValueTask<AuthUserListResponse> UserListAsync(GrpcCall call, AuthUserListRequest request)
    {
        var (view, identity) = await ReadAsync(call);
        AuthGuard.Require(view.CheckAdmin(identity));
        return new AuthUserListResponse { Header = headers.Proto(), Users = { view.Users } };
    }

    private async ValueTask<AuthUserDeleteResponse> UserDeleteAsync(GrpcCall call, AuthUserDeleteRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.UserDelete) { User = request.Name });
        return new AuthUserDeleteResponse { Header = headers.Proto() };
    }

    // Here a hash from the client counts, and without either nothing will match (behaviour 199).
    private async ValueTask<AuthUserChangePasswordResponse> UserChangePasswordAsync(GrpcCall call, AuthUserChangePasswordRequest request)
    {
        var changer = await IdentifyChangerAsync(call);
        ReadOnlyMemory<byte> hash = default;
        var isReadable = true;
        if (request.Password.Length > 0)
        {
            hash = await guard.Client.HashPasswordAsync(request.Password, call.CancellationToken);
        }
        else
        {
            isReadable = TryReadHash(request.HashedPassword, out hash);
        }

        await ExecuteAsync(call, changer, new AuthCommand(AuthCommandKind.UserChangePassword)
        {
            User = request.Name,
            PasswordHash = hash,
            IsHashMalformed = !isReadable,
        });
        return new AuthUserChangePasswordResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthUserGrantRoleResponse> UserGrantRoleAsync(GrpcCall call, AuthUserGrantRoleRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.UserGrantRole) { User = request.User, Role = request.Role });
        return new AuthUserGrantRoleResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthUserRevokeRoleResponse> UserRevokeRoleAsync(GrpcCall call, AuthUserRevokeRoleRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.UserRevokeRole) { User = request.Name, Role = request.Role });
        return new AuthUserRevokeRoleResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthRoleAddResponse> RoleAddAsync(GrpcCall call, AuthRoleAddRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.RoleAdd) { Role = request.Name });
        return new AuthRoleAddResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthRoleGetResponse> RoleGetAsync(GrpcCall call, AuthRoleGetRequest request)
    {
        var (view, identity) = await ReadAsync(call);
        var refusal = view.CheckAdmin(identity);
        AuthGuard.Require(refusal != EtcdError.None && view.HasRole(identity?.UserName ?? "", request.Role) ? EtcdError.None : refusal);
        var permissions = view.PermissionsOf(request.Role) ?? throw new EtcdException(EtcdError.RoleNotFound);
        var response = new AuthRoleGetResponse { Header = headers.Proto() };
        foreach (var permission in permissions)
        {
            response.Perm.Add(new Permission
            {
                PermType = (Permission.Types.Type)permission.Type,
                Key = UnsafeByteOperations.UnsafeWrap(permission.Key),
                RangeEnd = UnsafeByteOperations.UnsafeWrap(permission.RangeEnd),
            });
        }

        return response;
    }

    private async ValueTask<AuthRoleListResponse> RoleListAsync(GrpcCall call, AuthRoleListRequest request)
    {
        var (view, identity) = await ReadAsync(call);
        AuthGuard.Require(view.CheckAdmin(identity));
        return new AuthRoleListResponse { Header = headers.Proto(), Roles = { view.Roles } };
    }

    private async ValueTask<AuthRoleDeleteResponse> RoleDeleteAsync(GrpcCall call, AuthRoleDeleteRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.RoleDelete) { Role = request.Role });
        return new AuthRoleDeleteResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthRoleGrantPermissionResponse> RoleGrantPermissionAsync(GrpcCall call, AuthRoleGrantPermissionRequest request)
    {
        var permission = request.Perm is { } perm
            ? new KeyPermission((PermissionType)perm.PermType, perm.Key.Memory, perm.RangeEnd.Memory)
            : null;
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.RoleGrantPermission) { Role = request.Name, Permission = permission });
        return new AuthRoleGrantPermissionResponse { Header = headers.Proto() };
    }

    private async ValueTask<AuthRoleRevokePermissionResponse> RoleRevokePermissionAsync(GrpcCall call, AuthRoleRevokePermissionRequest request)
    {
        await ExecuteAsync(call, new AuthCommand(AuthCommandKind.RoleRevokePermission)
        {
            Role = request.Role,
            Permission = new KeyPermission(PermissionType.Read, request.Key.Memory, request.RangeEnd.Memory),
        });
        return new AuthRoleRevokePermissionResponse { Header = headers.Proto() };
    }

    private async ValueTask ExecuteAsync(GrpcCall call, AuthCommand command) =>
        await ExecuteAsync(call, await IdentifyChangerAsync(call), command);

    private async ValueTask ExecuteAsync(GrpcCall call, AuthIdentity? changer, AuthCommand command)
    {
        if (RequestSize.IsTooLarge(call.RequestBytes, options.MaxRequestBytes))
        {
            throw new EtcdException(EtcdError.RequestTooLarge);
        }

        await guard.Client.ExecuteAsync(command with { Actor = changer?.UserName }, call.CancellationToken);
    }

    /// <summary>
    /// Who asks for a change. Throws for one who may not: such a command changes nothing, but in the log it would hold up the writes that are judged by
    /// the permissions before it, and a password would be hashed for it, which is dear. The command is judged again where it is applied.
    /// </summary>
    private async ValueTask<AuthIdentity?> IdentifyChangerAsync(GrpcCall call)
    {
        if (!guard.View.Enabled)
        {
            return null;
        }

        var (view, identity) = await ReadAsync(call);
        AuthGuard.Require(view.CheckAdmin(identity));
        return identity;
    }

    /// <summary>What etcd reads through its log: the newest state, and who asks.</summary>
    private async ValueTask<(IAuthView View, AuthIdentity? Identity)> ReadAsync(GrpcCall call)
    {
        await guard.Client.ReadBarrierAsync(call.CancellationToken);
        var view = guard.View;
        return (view, await guard.IdentifyAsync(call, view));
    }

    private static bool TryReadHash(string base64, out ReadOnlyMemory<byte> hash)
    {
        try
        {
            hash = Convert.FromBase64String(base64);
            return true;
        }
        catch (FormatException)
        {
            hash = default;
            return false;
        }
    }
}
