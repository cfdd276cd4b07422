using System.Collections.Concurrent;
using Krewe.Grains.Auth.Permissions;
using Krewe.Grains.Auth.State;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Auth;

/// <summary>Answers questions about one auth state. The rights of a user are worked out at the first question about it and kept with the view.</summary>
internal sealed class AuthView(AuthState state) : IAuthView
{
    /// <summary>Role root's one permission, as etcd shows it (behaviour 220).</summary>
    private static readonly KeyPermission[] RootPermissions = [new(PermissionType.ReadWrite, default, new byte[1])];

    private readonly ConcurrentDictionary<string, UserRights> _rights = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _users;
    private IReadOnlyList<string>? _roles;

    public AuthState State => state;

    public bool Enabled => state.Enabled;

    public ulong Revision => state.Revision;

    public ulong Stamp => state.Enabled ? state.ChangeIndex : 0;

    public IReadOnlyList<string> Users => _users ??= Sorted(state.Users.Keys);

    public IReadOnlyList<string> Roles => _roles ??= Sorted(state.Roles.Keys);

    public EtcdError CheckAdmin(AuthIdentity? identity) => AuthRules.CheckAdmin(state, identity?.UserName);

    public EtcdError CheckRead(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        var error = Judge(identity, out var rights);
        return rights is null || rights.IsRoot || rights.Readable.Covers(key, rangeEnd) ? error : EtcdError.PermissionDenied;
    }

    public EtcdError CheckWrite(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        var error = Judge(identity, out var rights);
        return rights is null || rights.IsRoot || rights.Writable.Covers(key, rangeEnd) ? error : EtcdError.PermissionDenied;
    }

    public bool HasRole(string userName, string role) => state.Users.TryGetValue(userName, out var user) && user.Has(role);

    public IReadOnlyList<string>? RolesOf(string userName) => state.Users.TryGetValue(userName, out var user) ? user.Roles : null;

    public IReadOnlyList<KeyPermission>? PermissionsOf(string role)
    {
        if (!state.Roles.TryGetValue(role, out var record))
        {
            return null;
        }

        return role == UserRecord.Root ? RootPermissions : record.Permissions;
    }

    private static string[] Sorted(IEnumerable<string> names)
    {
        string[] sorted = [.. names];
        Array.Sort(sorted, NameOrder.Instance);
        return sorted;
    }

    /// <summary>No rights with <see cref="EtcdError.None"/>: auth is off.</summary>
    private EtcdError Judge(AuthIdentity? identity, out UserRights? rights)
    {
        rights = null;
        if (!state.Enabled)
        {
            return EtcdError.None;
        }

        if (identity is null || identity.Revision == 0)
        {
            return EtcdError.UserEmpty;
        }

        if (identity.Revision < state.Revision)
        {
            return EtcdError.AuthOldRevision;
        }

        if (_rights.TryGetValue(identity.UserName, out rights))
        {
            return EtcdError.None;
        }

        if (!state.Users.TryGetValue(identity.UserName, out var user))
        {
            return EtcdError.PermissionDenied;
        }

        rights = _rights.GetOrAdd(identity.UserName, UserRights.Of(state, user));
        return EtcdError.None;
    }
}
