using Krewe.Grains.Cluster.Codec;
using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Grains.Auth;

/// <summary>
/// An auth command in the log: version, kind, flags (1: no password, 2: malformed hash, 4: has a permission), actor, user, role, password hash, token
/// prefix, and with flag 4 the permission's type (4 bytes), key and end.
/// </summary>
internal static class AuthCommandCodec
{
    private const byte FormatVersion = 1;
    private const byte NoPassword = 1;
    private const byte MalformedHash = 2;
    private const byte HasPermission = 4;

    public static byte[] Encode(AuthCommand command)
    {
        var flags = (command.NoPassword ? NoPassword : 0) | (command.IsHashMalformed ? MalformedHash : 0) | (command.Permission is null ? 0 : HasPermission);
        var writer = new FieldWriter()
            .Byte(FormatVersion).Byte((byte)command.Kind).Byte((byte)flags)
            .Text(command.Actor).Text(command.User).Text(command.Role).Bytes(command.PasswordHash.Span).Text(command.TokenPrefix);
        if (command.Permission is { } permission)
        {
            writer.Int32((int)permission.Type).Bytes(permission.Key.Span).Bytes(permission.RangeEnd.Span);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> for a format that this version does not know.</summary>
    public static AuthCommand Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new FieldReader(payload);
        reader.Version(FormatVersion);
        var kind = (AuthCommandKind)reader.Byte();
        var flags = reader.Byte();
        return new AuthCommand(kind)
        {
            NoPassword = (flags & NoPassword) != 0,
            IsHashMalformed = (flags & MalformedHash) != 0,
            Actor = reader.Text(),
            User = reader.RequiredText(),
            Role = reader.RequiredText(),
            PasswordHash = reader.Bytes().ToArray(),
            TokenPrefix = reader.RequiredText(),
            Permission = (flags & HasPermission) == 0
                ? null
                : new KeyPermission((PermissionType)reader.Int32(), reader.Bytes().ToArray(), reader.Bytes().ToArray()),
        };
    }

    /// <summary>The kind alone.</summary>
    public static AuthCommandKind KindOf(ReadOnlySpan<byte> payload) => payload.Length > 1 ? (AuthCommandKind)payload[1] : default;
}
