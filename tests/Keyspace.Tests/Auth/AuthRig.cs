using System.Text;
using Krewe.Grains.Auth;
using Krewe.Grains.Auth.Tokens;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Keyspace.Modules;
using Krewe.Grains.Keyspace.Storage;

namespace Krewe.Keyspace.Tests.Auth;

/// <summary>The auth module on a store in memory, given commands as the log would give them.</summary>
internal sealed class AuthRig
{
    private ulong _index;

    public AuthRig(SimpleTokens? tokens = null, MemoryKeyspaceStore? store = null)
    {
        Store = store ?? new MemoryKeyspaceStore();
        Module = new AuthModule(tokens);
        Module.Load(Store);
        _index = Store.AppliedIndex;
    }

    public MemoryKeyspaceStore Store { get; }

    public AuthModule Module { get; }

    public IAuthView View => Module.View;

    public ulong Index => _index;

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static KeyPermission Permission(PermissionType type, string key, string end = "") => new(type, Bytes(key), Bytes(end));

    public AuthResult Run(AuthCommand command)
    {
        using var batch = Store.CreateBatch();
        var result = (AuthResult)Module.Apply(AuthModule.Encode(command), new ModuleContext(++_index, 1, batch))!;
        Store.Write(batch, _index);
        return result;
    }

    public EtcdError Do(AuthCommandKind kind, string user = "", string role = "", KeyPermission? permission = null, string? actor = "root") =>
        Run(new AuthCommand(kind) { User = user, Role = role, Permission = permission, Actor = actor, PasswordHash = Bytes("hash") }).Error;

    /// <summary>Users root and alice, roles root (not created) and r1, auth on.</summary>
    public AuthRig WithUsers(params KeyPermission[] permissions)
    {
        Assert.Equal(EtcdError.None, Do(AuthCommandKind.UserAdd, "root"));
        Assert.Equal(EtcdError.None, Do(AuthCommandKind.UserGrantRole, "root", "root"));
        Assert.Equal(EtcdError.None, Do(AuthCommandKind.UserAdd, "alice"));
        Assert.Equal(EtcdError.None, Do(AuthCommandKind.RoleAdd, role: "r1"));
        Assert.Equal(EtcdError.None, Do(AuthCommandKind.UserGrantRole, "alice", "r1"));
        foreach (var permission in permissions)
        {
            Assert.Equal(EtcdError.None, Do(AuthCommandKind.RoleGrantPermission, role: "r1", permission: permission));
        }

        Assert.Equal(EtcdError.None, Do(AuthCommandKind.Enable));
        return this;
    }

    public AuthIdentity As(string user) => new(user, View.Revision);
}
