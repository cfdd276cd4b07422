using Krewe.Grains.Auth.State;
using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Grains.Auth.Permissions;

/// <summary>What one user may read and write: the union of what the roles allow (behaviour 213); immutable.</summary>
internal sealed class UserRights
{
    private UserRights(bool isRoot, RangeSet readable, RangeSet writable)
    {
        IsRoot = isRoot;
        Readable = readable;
        Writable = writable;
    }

    public bool IsRoot { get; }

    public RangeSet Readable { get; }

    public RangeSet Writable { get; }

    public static UserRights Of(AuthState state, UserRecord user)
    {
        var permissions = new List<KeyPermission>();
        foreach (var name in user.Roles)
        {
            if (state.Roles.TryGetValue(name, out var role))
            {
                permissions.AddRange(role.Permissions);
            }
        }

        return new UserRights(
            user.IsRoot,
            Union(permissions, PermissionType.Read),
            Union(permissions, PermissionType.Write));
    }

    private static RangeSet Union(List<KeyPermission> permissions, PermissionType type) => RangeSet.Of(permissions
        .Where(p => p.Type == type || p.Type == PermissionType.ReadWrite)
        .Select(p => (p.Key, p.RangeEnd)));
}
