namespace Krewe.Grains.Interfaces.Auth;

/// <summary>Changes of the auth state. The numbers are part of the log format.</summary>
public enum AuthCommandKind : byte
{
    Enable = 1,
    Disable = 2,

    /// <summary>Makes a simple token known to all members; changes no permission.</summary>
    Authenticate = 3,
    UserAdd = 4,
    UserDelete = 5,
    UserChangePassword = 6,
    UserGrantRole = 7,
    UserRevokeRole = 8,
    RoleAdd = 9,
    RoleDelete = 10,
    RoleGrantPermission = 11,
    RoleRevokePermission = 12,
}
