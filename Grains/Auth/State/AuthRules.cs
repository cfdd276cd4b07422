using System.Collections.Immutable;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using static Krewe.Grains.Auth.State.UserRecord;

namespace Krewe.Grains.Auth.State;

/// <summary>What a command does to the auth state: a pure function, the same on every member. The order of its checks is etcd's.</summary>
internal static class AuthRules
{
    /// <summary>Judges and applies a command.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="command">The command.</param>
    /// <param name="next">The state after; the same object if nothing changed.</param>
    public static EtcdError Apply(AuthState state, AuthCommand command, out AuthState next)
    {
        next = state;
        var refusal = command.Kind == AuthCommandKind.Authenticate ? EtcdError.None : CheckAdmin(state, command.Actor);
        return refusal != EtcdError.None ? refusal : Run(state, command, ref next);
    }

    /// <summary>Whether the named user may do what only role root may; with auth off everybody may (behaviours 210, 211).</summary>
    public static EtcdError CheckAdmin(AuthState state, string? userName)
    {
        if (!state.Enabled)
        {
            return EtcdError.None;
        }

        if (string.IsNullOrEmpty(userName))
        {
            return EtcdError.UserEmpty;
        }

        if (!state.Users.TryGetValue(userName, out var user))
        {
            return EtcdError.UserNotFound;
        }

        return user.IsRoot ? EtcdError.None : EtcdError.PermissionDenied;
    }

    private static EtcdError Run(AuthState state, AuthCommand command, ref AuthState next) => command.Kind switch
    {
        AuthCommandKind.Enable => Enable(state, ref next),
        AuthCommandKind.Disable => Disable(state, ref next),
        AuthCommandKind.Authenticate => Authenticate(state, command),
        AuthCommandKind.UserAdd => UserAdd(state, command, ref next),
        AuthCommandKind.UserDelete => UserDelete(state, command, ref next),
        AuthCommandKind.UserChangePassword => UserChangePassword(state, command, ref next),
        AuthCommandKind.UserGrantRole => UserGrantRole(state, command, ref next),
        AuthCommandKind.UserRevokeRole => UserRevokeRole(state, command, ref next),
        AuthCommandKind.RoleAdd => RoleAdd(state, command, ref next),
        AuthCommandKind.RoleDelete => RoleDelete(state, command, ref next),
        AuthCommandKind.RoleGrantPermission => RoleGrantPermission(state, command, ref next),
        AuthCommandKind.RoleRevokePermission => RoleRevokePermission(state, command, ref next),
        _ => throw new InvalidDataException($"auth command {command.Kind} is not known to this version"),
    };

    /// <summary>Leaves the revision as it is (behaviours 191, 192, 208).</summary>
    private static EtcdError Enable(AuthState state, ref AuthState next)
    {
        if (state.Enabled)
        {
            return EtcdError.None;
        }

        if (!state.Users.TryGetValue(Root, out var root))
        {
            return EtcdError.RootUserNotExist;
        }

        if (!root.IsRoot)
        {
            return EtcdError.RootRoleNotExist;
        }

        next = state with { Enabled = true };
        return EtcdError.None;
    }

    private static EtcdError Disable(AuthState state, ref AuthState next)
    {
        if (state.Enabled)
        {
            next = state with { Enabled = false, Revision = state.Revision + 1 };
        }

        return EtcdError.None;
    }

    /// <summary>The password was checked before; a change in between is the proposer's to notice (behaviour 195).</summary>
    private static EtcdError Authenticate(AuthState state, AuthCommand command)
    {
        if (!state.Enabled)
        {
            return EtcdError.AuthNotEnabled;
        }

        return state.Users.TryGetValue(command.User, out var user) && !user.NoPassword ? EtcdError.None : EtcdError.AuthFailed;
    }

    private static EtcdError UserAdd(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (command.User.Length == 0)
        {
            return EtcdError.UserEmpty;
        }

        if (state.Users.ContainsKey(command.User))
        {
            return EtcdError.UserAlreadyExists;
        }

        if (!command.NoPassword && command.IsHashMalformed)
        {
            return EtcdError.NoPasswordUser;
        }

        Put(state, new UserRecord(command.User, command.NoPassword ? default : command.PasswordHash, command.NoPassword, []), ref next);
        return EtcdError.None;
    }

    private static EtcdError UserDelete(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (state.Enabled && command.User == Root)
        {
            return EtcdError.InvalidAuthMgmt;
        }

        if (!state.Users.ContainsKey(command.User))
        {
            return EtcdError.UserNotFound;
        }

        next = Changed(state) with { Users = state.Users.Remove(command.User) };
        return EtcdError.None;
    }

    private static EtcdError UserChangePassword(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (!state.Users.TryGetValue(command.User, out var user))
        {
            return EtcdError.UserNotFound;
        }

        if (!user.NoPassword && command.IsHashMalformed)
        {
            return EtcdError.NoPasswordUser;
        }

        Put(state, user with { PasswordHash = user.NoPassword ? default : command.PasswordHash }, ref next);
        return EtcdError.None;
    }

    private static EtcdError UserGrantRole(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (!state.Users.TryGetValue(command.User, out var user))
        {
            return EtcdError.UserNotFound;
        }

        if (command.Role != Root && !state.Roles.ContainsKey(command.Role))
        {
            return EtcdError.RoleNotFound;
        }

        if (!user.Has(command.Role))
        {
            Put(state, user.With(command.Role), ref next);
        }

        return EtcdError.None;
    }

    private static EtcdError UserRevokeRole(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (state.Enabled && command.User == Root && command.Role == Root)
        {
            return EtcdError.InvalidAuthMgmt;
        }

        if (!state.Users.TryGetValue(command.User, out var user))
        {
            return EtcdError.UserNotFound;
        }

        if (!user.Has(command.Role))
        {
            return EtcdError.RoleNotGranted;
        }

        Put(state, user.Without(command.Role), ref next);
        return EtcdError.None;
    }

    private static EtcdError RoleAdd(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (command.Role.Length == 0)
        {
            return EtcdError.RoleEmpty;
        }

        if (state.Roles.ContainsKey(command.Role))
        {
            return EtcdError.RoleAlreadyExists;
        }

        Put(state, new RoleRecord(command.Role, []), ref next);
        return EtcdError.None;
    }

    private static EtcdError RoleDelete(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (state.Enabled && command.Role == Root)
        {
            return EtcdError.InvalidAuthMgmt;
        }

        if (!state.Roles.ContainsKey(command.Role))
        {
            return EtcdError.RoleNotFound;
        }

        next = Changed(state) with
        {
            Roles = state.Roles.Remove(command.Role),
            Users = state.Users.SetItems(state.Users
                .Where(user => user.Value.Has(command.Role))
                .Select(user => KeyValuePair.Create(user.Key, user.Value.Without(command.Role)))),
        };
        return EtcdError.None;
    }

    private static EtcdError RoleGrantPermission(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (command.Permission is not { } permission)
        {
            return EtcdError.PermissionNotGiven;
        }

        if (!IsValid(permission))
        {
            return EtcdError.InvalidAuthMgmt;
        }

        if (!state.Roles.TryGetValue(command.Role, out var role))
        {
            return EtcdError.RoleNotFound;
        }

        Put(state, role.With(permission), ref next);
        return EtcdError.None;
    }

    private static EtcdError RoleRevokePermission(AuthState state, AuthCommand command, ref AuthState next)
    {
        if (!state.Roles.TryGetValue(command.Role, out var role))
        {
            return EtcdError.RoleNotFound;
        }

        var changed = command.Permission is { } keys ? role.Without(keys.Key.Span, keys.RangeEnd.Span) : role;
        if (ReferenceEquals(changed, role))
        {
            return EtcdError.PermissionNotGranted;
        }

        Put(state, changed, ref next);
        return EtcdError.None;
    }

    /// <summary>Behaviour 218.</summary>
    private static bool IsValid(KeyPermission permission)
    {
        var end = permission.RangeEnd.Span;
        return permission.Key.Length > 0
            && (end.IsEmpty || (end.Length == 1 && end[0] == 0) || permission.Key.Span.SequenceCompareTo(end) < 0);
    }

    private static void Put(AuthState state, UserRecord user, ref AuthState next) =>
        next = Changed(state) with { Users = state.Users.SetItem(user.Name, user) };

    private static void Put(AuthState state, RoleRecord role, ref AuthState next) =>
        next = Changed(state) with { Roles = state.Roles.SetItem(role.Name, role) };

    private static AuthState Changed(AuthState state) => state with { Revision = state.Revision + 1 };
}
