using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Cluster.Tests.Fakes;

/// <summary>Who may read keys that begin with which letter.</summary>
internal sealed class FakeAuthView(bool isEnabled, Dictionary<string, char> readers) : IAuthView
{
    public bool Enabled => isEnabled;

    public ulong Revision => 1;

    public ulong Stamp => 1;

    public IReadOnlyList<string> Users => [.. readers.Keys];

    public IReadOnlyList<string> Roles => [];

    public EtcdError CheckAdmin(AuthIdentity? identity) => isEnabled ? EtcdError.PermissionDenied : EtcdError.None;

    public EtcdError CheckRead(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        if (!isEnabled)
        {
            return EtcdError.None;
        }

        return identity is null ? EtcdError.UserEmpty
            : readers.TryGetValue(identity.UserName, out var letter) && key[0] == letter ? EtcdError.None : EtcdError.PermissionDenied;
    }

    public EtcdError CheckWrite(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => CheckAdmin(identity);

    public bool HasRole(string userName, string role) => false;

    public IReadOnlyList<string>? RolesOf(string userName) => null;

    public IReadOnlyList<KeyPermission>? PermissionsOf(string role) => null;
}
