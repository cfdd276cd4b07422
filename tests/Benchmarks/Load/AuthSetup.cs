using Google.Protobuf;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;
using Krewe.Benchmarks.Http2;
using Krewe.Benchmarks.Messages;

namespace Krewe.Benchmarks.Load;

/// <summary>Turns auth on, and gets tokens.</summary>
internal static class AuthSetup
{
    private const string Root = "root";
    private const string Role = "bench";

    /// <summary>Makes the users of <paramref name="settings"/>, with one role for all keys of the benchmarks, and turns auth on.</summary>
    public static void Enable(LoadSettings settings)
    {
        using var loop = LoadLoop.Connect(settings.Endpoints, 1, settings.Tls);
        var connection = loop.Connections[0];
        Call("RoleAdd", new AuthRoleAddRequest { Name = Root });
        Call("RoleAdd", new AuthRoleAddRequest { Name = Role });
        var all = new Permission { PermType = Permission.Types.Type.Readwrite, Key = KeySpace.PrefixStart, RangeEnd = KeySpace.PrefixEnd };
        Call("RoleGrantPermission", new AuthRoleGrantPermissionRequest { Name = Role, Perm = all });
        AddUser(new Credentials(Root, Root), Root);
        foreach (var user in settings.Users)
        {
            AddUser(user, Role);
        }

        Call("AuthEnable", new AuthEnableRequest());

        void AddUser(Credentials user, string role)
        {
            Call("UserAdd", new AuthUserAddRequest { Name = user.Name, Password = user.Password });
            Call("UserGrantRole", new AuthUserGrantRoleRequest { User = user.Name, Role = role });
        }

        void Call(string method, IMessage request) => CallOnce.Send(loop, connection, Methods.Auth + method, request);
    }

    /// <summary>Each connection authenticates as one of the users and uses its token from then on.</summary>
    public static void LogIn(LoadLoop loop, IReadOnlyList<Credentials> users)
    {
        for (var i = 0; i < loop.Connections.Count; i++)
        {
            var answer = CallOnce.Send(loop, loop.Connections[i], Methods.Authenticate, Request(users[i % users.Count]));
            loop.Connections[i].UseToken(TokenOf(answer));
        }
    }

    public static AuthenticateRequest Request(Credentials user) => new() { Name = user.Name, Password = user.Password };

    /// <summary>The token in an encoded AuthenticateResponse.</summary>
    public static string TokenOf(ReadOnlySpan<byte> answer)
    {
        var token = AuthenticateResponse.Parser.ParseFrom(answer).Token;
        return token.Length > 0 ? token : throw new BenchmarkException("Authenticate answered without a token");
    }
}
