using System.Text;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Fakes;

/// <summary>A view whose users may read and write keys that begin with given letters; user root may do all.</summary>
internal sealed record FakeAuthView : IAuthView
{
    public bool Enabled { get; init; }

    public ulong Revision { get; init; } = 1;

    public ulong Stamp => Enabled ? Revision : 0;

    /// <summary>First letters that a user may read.</summary>
    public Dictionary<string, string> Readable { get; init; } = [];

    /// <summary>First letters that a user may write.</summary>
    public Dictionary<string, string> Writable { get; init; } = [];

    public IReadOnlyList<string> Users => [.. Readable.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Roles => ["r1", "r2"];

    public EtcdError CheckAdmin(AuthIdentity? identity) => !Enabled
        ? EtcdError.None
        : identity switch
        {
            null => EtcdError.UserEmpty,
            { UserName: "root" } => EtcdError.None,
            _ => EtcdError.PermissionDenied,
        };

    public EtcdError CheckRead(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => Check(Readable, identity, key);

    public EtcdError CheckWrite(AuthIdentity? identity, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd) => Check(Writable, identity, key);

    public bool HasRole(string userName, string role) => userName == "reader" && role == "r1";

    public IReadOnlyList<string>? RolesOf(string userName) => Readable.ContainsKey(userName) ? ["r1"] : null;

    public IReadOnlyList<KeyPermission>? PermissionsOf(string role) =>
        role == "r1" ? [new KeyPermission(PermissionType.Write, "k"u8.ToArray(), new byte[1])] : null;

    private EtcdError Check(Dictionary<string, string> letters, AuthIdentity? identity, ReadOnlySpan<byte> key)
    {
        if (!Enabled)
        {
            return EtcdError.None;
        }

        if (identity is null)
        {
            return EtcdError.UserEmpty;
        }

        if (identity.Revision < Revision)
        {
            return EtcdError.AuthOldRevision;
        }

        var isAllowed = identity.UserName == "root"
            || (letters.TryGetValue(identity.UserName, out var mine) && mine.Contains(Encoding.UTF8.GetString(key)[0], StringComparison.Ordinal));
        return isAllowed ? EtcdError.None : EtcdError.PermissionDenied;
    }
}
