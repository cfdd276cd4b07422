using Krewe.Api.Grpc;

namespace Krewe.Api.Services;

/// <summary>etcdserverpb.Auth: listed, not built yet.</summary>
internal sealed class AuthService : IGrpcService
{
    private static readonly string[] Names =
    [
        "AuthEnable", "AuthDisable", "AuthStatus", "Authenticate",
        "UserAdd", "UserGet", "UserList", "UserDelete", "UserChangePassword", "UserGrantRole", "UserRevokeRole",
        "RoleAdd", "RoleGet", "RoleList", "RoleDelete", "RoleGrantPermission", "RoleRevokePermission",
    ];

    public IEnumerable<GrpcMethod> Methods => Names.Select(name => ProtoMethods.Missing("etcdserverpb.Auth", name));
}
