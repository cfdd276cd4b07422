using Google.Protobuf;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;

namespace Krewe.Conformance.Differential.Auth;

/// <summary>Makes the next request, and who sends it, from a seed and the state it meets.</summary>
internal static class AuthOpGenerator
{
    private static readonly string[] AllUsers = [AuthDiffState.Root, .. AuthDiffState.Users];
    private static readonly string[] AllRoles = [AuthDiffState.Root, .. AuthDiffState.FixedRoles, .. AuthDiffState.Roles];

    public static AuthDiffOp Next(int seed, AuthDiffState state)
    {
        if (state.MustLogIn.TryDequeue(out var user))
        {
            return new(null, new AuthenticateRequest { Name = user, Password = state.Passwords.GetValueOrDefault(user, "") });
        }

        var random = new Random(seed);
        if (!state.IsEnabled && random.Next(10) == 0)
        {
            return new(null, new AuthEnableRequest());
        }

        return random.Next(100) switch
        {
            < 65 => new(Sender(random), Store(random, state.Store)),
            < 87 => new(Changer(random), Change(random, state)),
            < 92 => new(null, new AuthenticateRequest { Name = Pick(random, AllUsers), Password = Password(random, state) }),
            // B228: since 3.7 anybody may ask for the status; 3.5 wants root.
            < 94 => new(AuthDiffState.Root, new AuthStatusRequest()),
            _ => new(Sender(random), Question(random)),
        };
    }

    /// <summary>Keys and leases as in runs without auth; streams are left out: Krewe's watches end with their permission, etcd's don't.</summary>
    private static IMessage Store(Random random, DiffState state)
    {
        while (true)
        {
            var op = OpGenerator.Next(random.Next(), state);
            if (op.Kind is not (DiffOpKind.WatchCreate or DiffOpKind.WatchCancel or DiffOpKind.LeaseKeepAlive or DiffOpKind.Sync))
            {
                return Intervals.InOrder(op.Request!);
            }
        }
    }

    private static IMessage Change(Random random, AuthDiffState state) => random.Next(100) switch
    {
        < 12 => new AuthUserAddRequest { Name = Name(random, AuthDiffState.Users), Password = NewPassword(random), Options = new() { NoPassword = random.Next(8) == 0 } },
        < 16 => new AuthUserDeleteRequest { Name = Name(random, AuthDiffState.Users) },
        < 22 => new AuthUserChangePasswordRequest { Name = Name(random, AuthDiffState.Users), Password = NewPassword(random) },
        < 40 => new AuthUserGrantRoleRequest { User = Name(random, AuthDiffState.Users), Role = Name(random, random.Next(6) == 0 ? AllRoles : AuthDiffState.Roles) },
        < 48 => new AuthUserRevokeRoleRequest { Name = Name(random, AuthDiffState.Users), Role = Name(random, AllRoles) },
        < 56 => new AuthRoleAddRequest { Name = Name(random, random.Next(6) == 0 ? AllRoles : AuthDiffState.Roles) },
        < 58 => new AuthRoleDeleteRequest { Role = Name(random, random.Next(6) == 0 ? [AuthDiffState.Root] : AuthDiffState.Roles) },
        < 80 => Grant(random),
        < 96 => Revoke(random),
        < 97 => new AuthUserRevokeRoleRequest { Name = AuthDiffState.Root, Role = Name(random, AllRoles) },
        < 98 => new AuthUserDeleteRequest { Name = AuthDiffState.Root },
        < 99 => new AuthEnableRequest(),
        _ => new AuthDisableRequest(),
    };

    private static IMessage Question(Random random) => random.Next(4) switch
    {
        0 => new AuthUserGetRequest { Name = Name(random, AllUsers) },
        1 => new AuthRoleGetRequest { Role = Name(random, AllRoles) },
        2 => new AuthUserListRequest(),
        _ => new AuthRoleListRequest(),
    };

    private static AuthRoleGrantPermissionRequest Grant(Random random)
    {
        var role = Name(random, AuthDiffState.Roles);
        var key = Alphabet.Key(random);
        var permission = new Permission { PermType = (Permission.Types.Type)random.Next(3), Key = key, RangeEnd = EndOf(role, key) };
        return new AuthRoleGrantPermissionRequest { Name = role, Perm = permission };
    }

    private static AuthRoleRevokePermissionRequest Revoke(Random random)
    {
        var role = Name(random, AuthDiffState.Roles);
        var key = Alphabet.Key(random);
        return new AuthRoleRevokePermissionRequest { Role = role, Key = key, RangeEnd = random.Next(4) == 0 ? Alphabet.End(random) : EndOf(role, key) };
    }

    /// <summary>
    /// One end for each role and key. With several ends under one key 3.5 compares a new permission with the first of them only, and so keeps some
    /// twice (B217 has it otherwise), in an order that is not stable.
    /// </summary>
    private static ByteString EndOf(string role, ByteString key)
    {
        var seed = role.Length == 0 ? 0 : role[^1];
        foreach (var part in key)
        {
            seed = (char)((seed * 31) + part);
        }

        return Alphabet.End(new Random(seed));
    }

    private static string? Sender(Random random) => random.Next(40) switch
    {
        0 => null,
        < 6 => AuthDiffState.Root,
        _ => Pick(random, AuthDiffState.Users),
    };

    /// <summary>Mostly root, so that something changes.</summary>
    private static string? Changer(Random random) => random.Next(8) == 0 ? Sender(random) : AuthDiffState.Root;

    private static string Name(Random random, string[] names) => random.Next(60) switch { 0 => "", 1 => "none", _ => Pick(random, names) };

    private static string NewPassword(Random random) => $"p{random.Next(3)}";

    private static string Password(Random random, AuthDiffState state) =>
        random.Next(4) == 0 ? NewPassword(random) : state.Passwords.GetValueOrDefault(Pick(random, AllUsers), "");

    private static string Pick(Random random, string[] names) => names[random.Next(names.Length)];
}
