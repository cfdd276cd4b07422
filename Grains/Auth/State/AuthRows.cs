using System.Text;
using Krewe.Grains.Cluster.Codec;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Grains.Auth.State;

/// <summary>
/// Rows of the auth table. 'm': version, enabled (1 byte), revision and change index (8 bytes each). 'u' and the user's name: version, password hash,
/// whether it has none (1 byte), count and names of its roles. 'r' and the role's name: version, count of permissions, each with its type
/// (4 bytes), key and end. Numbers and lengths as <see cref="FieldWriter"/> has them.
/// </summary>
internal static class AuthRows
{
    private const byte FormatVersion = 1;
    private const byte UserTag = (byte)'u';
    private const byte RoleTag = (byte)'r';
    private static readonly byte[] MetaKey = "m"u8.ToArray();

    /// <summary>Writes what differs between two states of which one command made the second.</summary>
    public static void Write(IStoreBatch batch, AuthState before, AuthState after)
    {
        WriteUsers(batch, before, after);
        WriteRoles(batch, before, after);
        batch.Put(StoreTable.Auth, MetaKey, new FieldWriter()
            .Byte(FormatVersion).Byte(after.Enabled ? (byte)1 : (byte)0).UInt64(after.Revision).UInt64(after.ChangeIndex).Written.Span);
    }

    /// <summary>Reads all rows; throws <see cref="InvalidDataException"/> for a format that this version does not know.</summary>
    public static AuthState Read(IKeyspaceStore store)
    {
        var state = AuthState.Empty;
        var users = state.Users.ToBuilder();
        var roles = state.Roles.ToBuilder();
        using var rows = store.Iterate(StoreTable.Auth, [], []);
        while (rows.MoveNext())
        {
            switch (rows.Key[0])
            {
                case UserTag:
                    var user = ReadUser(Name(rows.Key), rows.Value);
                    users[user.Name] = user;
                    break;
                case RoleTag:
                    var role = ReadRole(Name(rows.Key), rows.Value);
                    roles[role.Name] = role;
                    break;
                default:
                    state = ReadMeta(rows.Value);
                    break;
            }
        }

        return state with { Users = users.ToImmutable(), Roles = roles.ToImmutable() };
    }

    private static void WriteUsers(IStoreBatch batch, AuthState before, AuthState after)
    {
        if (ReferenceEquals(before.Users, after.Users))
        {
            return;
        }

        foreach (var (name, user) in after.Users)
        {
            if (!before.Users.TryGetValue(name, out var known) || !ReferenceEquals(known, user))
            {
                batch.Put(StoreTable.Auth, Key(UserTag, name), Encode(user));
            }
        }

        foreach (var name in before.Users.Keys)
        {
            if (!after.Users.ContainsKey(name))
            {
                batch.Delete(StoreTable.Auth, Key(UserTag, name));
            }
        }
    }

    private static void WriteRoles(IStoreBatch batch, AuthState before, AuthState after)
    {
        if (ReferenceEquals(before.Roles, after.Roles))
        {
            return;
        }

        foreach (var (name, role) in after.Roles)
        {
            if (!before.Roles.TryGetValue(name, out var known) || !ReferenceEquals(known, role))
            {
                batch.Put(StoreTable.Auth, Key(RoleTag, name), Encode(role));
            }
        }

        foreach (var name in before.Roles.Keys)
        {
            if (!after.Roles.ContainsKey(name))
            {
                batch.Delete(StoreTable.Auth, Key(RoleTag, name));
            }
        }
    }

    private static byte[] Key(byte tag, string name)
    {
        var key = new byte[1 + Encoding.UTF8.GetByteCount(name)];
        key[0] = tag;
        Encoding.UTF8.GetBytes(name, key.AsSpan(1));
        return key;
    }

    private static string Name(ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(key[1..]);

    private static ReadOnlySpan<byte> Encode(UserRecord user)
    {
        var writer = new FieldWriter()
            .Byte(FormatVersion).Bytes(user.PasswordHash.Span).Byte(user.NoPassword ? (byte)1 : (byte)0).Int32(user.Roles.Count);
        foreach (var role in user.Roles)
        {
            writer.Text(role);
        }

        return writer.Written.Span;
    }

    private static ReadOnlySpan<byte> Encode(RoleRecord role)
    {
        var writer = new FieldWriter().Byte(FormatVersion).Int32(role.Permissions.Count);
        foreach (var permission in role.Permissions)
        {
            writer.Int32((int)permission.Type).Bytes(permission.Key.Span).Bytes(permission.RangeEnd.Span);
        }

        return writer.Written.Span;
    }

    private static UserRecord ReadUser(string name, ReadOnlySpan<byte> row)
    {
        var reader = new FieldReader(row);
        reader.Version(FormatVersion);
        var hash = reader.Bytes().ToArray();
        var noPassword = reader.Byte() != 0;
        var roles = new string[reader.Count()];
        for (var i = 0; i < roles.Length; i++)
        {
            roles[i] = reader.RequiredText();
        }

        return new UserRecord(name, hash, noPassword, roles);
    }

    private static RoleRecord ReadRole(string name, ReadOnlySpan<byte> row)
    {
        var reader = new FieldReader(row);
        reader.Version(FormatVersion);
        var permissions = new KeyPermission[reader.Count()];
        for (var i = 0; i < permissions.Length; i++)
        {
            permissions[i] = new KeyPermission((PermissionType)reader.Int32(), reader.Bytes().ToArray(), reader.Bytes().ToArray());
        }

        return new RoleRecord(name, permissions);
    }

    private static AuthState ReadMeta(ReadOnlySpan<byte> row)
    {
        var reader = new FieldReader(row);
        reader.Version(FormatVersion);
        return AuthState.Empty with { Enabled = reader.Byte() != 0, Revision = reader.UInt64(), ChangeIndex = reader.UInt64() };
    }
}
