using System.Collections.Immutable;

namespace Krewe.Grains.Auth.State;

/// <summary>Users, roles and what is said about all of them; immutable.</summary>
/// <param name="Users">By name.</param>
/// <param name="Roles">By name.</param>
/// <param name="Enabled">Whether requests are checked.</param>
/// <param name="Revision">Starts at 1 and rises with every change and with disabling (behaviour 208).</param>
/// <param name="ChangeIndex">Log index of the last command that changed anything here; 0 for none.</param>
internal sealed record AuthState(
    ImmutableDictionary<string, UserRecord> Users,
    ImmutableDictionary<string, RoleRecord> Roles,
    bool Enabled,
    ulong Revision,
    ulong ChangeIndex)
{
    public static readonly AuthState Empty = new(
        ImmutableDictionary.Create<string, UserRecord>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, RoleRecord>(StringComparer.Ordinal),
        Enabled: false,
        Revision: 1,
        ChangeIndex: 0);
}
