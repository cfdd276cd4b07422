using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Interfaces.Auth;

/// <summary>
/// Users, roles and permissions at one moment; immutable, so two looks at <see cref="IAuthClient.View"/> that give the same object saw the same
/// permissions. Checks answer <see cref="EtcdError.None"/>, or the error for the client; with auth off all is allowed.
/// </summary>
public interface IAuthView
{
    /// <summary>Whether requests are checked.</summary>
    bool Enabled { get; }

    /// <summary>Rises with every change and when auth is disabled (behaviour 208).</summary>
    ulong Revision { get; }

    /// <summary>
    /// What a write that was judged by this view must carry: the leader refuses it with <see cref="EtcdError.AuthChanged"/> if the permissions at
    /// its place in the log are others. 0 while auth is off.
    /// </summary>
    ulong Stamp { get; }

    /// <summary>Whether the caller may do what only role root may (behaviours 211, 225).</summary>
    EtcdError CheckAdmin(AuthIdentity? identity);

    /// <summary>Whether the caller may read the interval, given as in a range request (behaviours 210-214, 232).</summary>
    EtcdError CheckRead(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd);

    /// <summary>Whether the caller may write the interval.</summary>
    EtcdError CheckWrite(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd);

    /// <summary>Whether the user exists and holds the role (behaviour 227).</summary>
    bool HasRole(string userName, string role);

    /// <summary>Names of the users in byte order (behaviour 224).</summary>
    IReadOnlyList<string> Users { get; }

    /// <summary>Names of the roles in byte order.</summary>
    IReadOnlyList<string> Roles { get; }

    /// <summary>The user's roles, sorted; null for an unknown user.</summary>
    IReadOnlyList<string>? RolesOf(string userName);

    /// <summary>The role's permissions in key order; null for an unknown role (behaviours 217, 220).</summary>
    IReadOnlyList<KeyPermission>? PermissionsOf(string role);
}
