using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Gateway;

/// <summary>Everything is allowed, or nothing.</summary>
internal sealed class GatewayAuthView(bool isEnabled) : IAuthView
{
    public bool Enabled => isEnabled;

    public ulong Revision => 0;

    public ulong Stamp => 0;

    public IReadOnlyList<string> Users => [];

    public IReadOnlyList<string> Roles => [];

    private EtcdError Answer => isEnabled ? EtcdError.Unimplemented : EtcdError.None;

    public EtcdError CheckAdmin(AuthIdentity? identity) => Answer;

    public EtcdError CheckRead(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => Answer;

    public EtcdError CheckWrite(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => Answer;

    public bool HasRole(string userName, string role) => false;

    public IReadOnlyList<string>? RolesOf(string userName) => null;

    public IReadOnlyList<KeyPermission>? PermissionsOf(string role) => null;
}
