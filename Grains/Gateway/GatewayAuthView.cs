using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Gateway;

/// <summary>Refuses nothing: whatever a gateway asks of a member is judged there.</summary>
internal sealed class GatewayAuthView : IAuthView
{
    public bool Enabled => false;

    public ulong Revision => 0;

    public ulong Stamp => 0;

    public IReadOnlyList<string> Users => [];

    public IReadOnlyList<string> Roles => [];

    public EtcdError CheckAdmin(AuthIdentity? identity) => EtcdError.None;

    public EtcdError CheckRead(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => EtcdError.None;

    public EtcdError CheckWrite(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => EtcdError.None;

    public bool HasRole(string userName, string role) => false;

    public IReadOnlyList<string>? RolesOf(string userName) => null;

    public IReadOnlyList<KeyPermission>? PermissionsOf(string role) => null;
}
