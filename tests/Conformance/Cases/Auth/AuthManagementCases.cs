using Krewe.Api.Protos.Auth;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Cases.Auth.AuthScript;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Section 9: users, roles, turning auth on and off.</summary>
internal static class AuthManagementCases
{
    private const string StatusNeedsRoot = "B228: AuthStatus needs no identity since 3.7; in 3.5 it needs root";

    public static IEnumerable<ConformanceCase> All =>
    [
        Case([191, 192, 208, 234], "auth is enabled with root in role root, and only then", async (c, auth) =>
        {
            await auth.Do("status", (a, o) => a.AuthStatusAsync(new(), o));
            await auth.Do("without root", (a, o) => a.AuthEnableAsync(new(), o));
            await auth.Do("add root", (a, o) => a.UserAddAsync(new() { Name = "root", Password = "root" }, o));
            await auth.Do("without role", (a, o) => a.AuthEnableAsync(new(), o));
            await auth.Do("grant", (a, o) => a.UserGrantRoleAsync(new() { User = "root", Role = "root" }, o));
            await auth.Do("roles", (a, o) => a.RoleListAsync(new(), o));
            await c.Seed("a");
            await auth.Do("enable", (a, o) => a.AuthEnableAsync(new(), o));
            var root = await auth.AsAsync("root");
            await auth.Do("again as root", (a, o) => a.AuthEnableAsync(new(), o), root);
            await auth.Do("again as nobody", (a, o) => a.AuthEnableAsync(new(), o));
            await auth.Do("status on", (a, o) => a.AuthStatusAsync(new(), o), root);
            await auth.Do("disable", (a, o) => a.AuthDisableAsync(new(), o), root);
            await auth.Do("disable again", (a, o) => a.AuthDisableAsync(new(), o));
            await auth.Do("status off", (a, o) => a.AuthStatusAsync(new(), o));
        }),
        Case([208], "each change that takes effect raises the revision by one", async (c, auth) =>
        {
            Task Status(string label) => auth.Do(label, (a, o) => a.AuthStatusAsync(new(), o));
            await auth.AddUserAsync("u", "u");
            await Status("user added");
            await auth.Do("user again", (a, o) => a.UserAddAsync(new() { Name = "u", Password = "u" }, o));
            await Status("user not added");
            await auth.Client.RoleAddAsync(new() { Name = "r" });
            await auth.GrantAsync("r", Permission.Types.Type.Read, "a");
            await auth.GrantAsync("r", Permission.Types.Type.Read, "a");
            await Status("same permission twice");
            await auth.Client.UserGrantRoleAsync(new() { User = "u", Role = "r" });
            await auth.Client.UserGrantRoleAsync(new() { User = "u", Role = "r" });
            await Status("same role twice");
            await auth.Client.UserChangePasswordAsync(new() { Name = "u", Password = "x" });
            await auth.Client.RoleRevokePermissionAsync(new() { Role = "r", Key = Requests.Utf8("a") });
            await auth.Client.UserRevokeRoleAsync(new() { Name = "u", Role = "r" });
            await auth.Client.RoleDeleteAsync(new() { Role = "r" });
            await auth.Client.UserDeleteAsync(new() { Name = "u" });
            await Status("all undone");
        }),
        Case([217, 218, 219, 220], "permissions are granted, replaced and revoked by their exact keys", async (c, auth) =>
        {
            await auth.Do("add", (a, o) => a.RoleAddAsync(new() { Name = "r" }, o));
            await auth.Do("again", (a, o) => a.RoleAddAsync(new() { Name = "r" }, o));
            await auth.Do("empty", (a, o) => a.RoleAddAsync(new() { Name = "" }, o));
            foreach (var (key, end) in new[] { ("m", ""), ("c", "d"), ("a", ""), ("z", "\0"), ("\0", "\0"), ("", ""), ("b", "b"), ("b", "a"), ("", "\0") })
            {
                await auth.Do($"grant {key}-{end}", (a, o) => a.RoleGrantPermissionAsync(new() { Name = "r", Perm = Perm(Permission.Types.Type.Read, key, end) }, o));
            }

            await auth.Do("replace", (a, o) => a.RoleGrantPermissionAsync(new() { Name = "r", Perm = Perm(Permission.Types.Type.Readwrite, "c", "d") }, o));
            await auth.Do("no permission", (a, o) => a.RoleGrantPermissionAsync(new() { Name = "r" }, o));
            await auth.Do("no role", (a, o) => a.RoleGrantPermissionAsync(new() { Name = "x", Perm = Perm(Permission.Types.Type.Read, "c") }, o));
            await auth.Do("role", (a, o) => a.RoleGetAsync(new() { Role = "r" }, o));
            await auth.Do("revoke single", (a, o) => a.RoleRevokePermissionAsync(new() { Role = "r", Key = Requests.Utf8("c") }, o));
            await auth.Do("revoke exact", (a, o) => a.RoleRevokePermissionAsync(new() { Role = "r", Key = Requests.Utf8("c"), RangeEnd = Requests.Utf8("d") }, o));
            await auth.Do("revoke again", (a, o) => a.RoleRevokePermissionAsync(new() { Role = "r", Key = Requests.Utf8("c"), RangeEnd = Requests.Utf8("d") }, o));
            await auth.Do("revoke of nobody", (a, o) => a.RoleRevokePermissionAsync(new() { Role = "x", Key = Requests.Utf8("c") }, o));
            await auth.Do("role after", (a, o) => a.RoleGetAsync(new() { Role = "r" }, o));
            await auth.Do("unknown role", (a, o) => a.RoleGetAsync(new() { Role = "x" }, o));
            await auth.Do("root before", (a, o) => a.RoleGetAsync(new() { Role = "root" }, o));
            await auth.Client.RoleAddAsync(new() { Name = "root" });
            await auth.Do("root", (a, o) => a.RoleGetAsync(new() { Role = "root" }, o));
        }) with { Deviations = [new("root", "B220: since 3.6 role root shows its permission", line => line.Replace("}}", "},perm:[{permType:Readwrite,range_end:\"\\x00\"}]}", StringComparison.Ordinal))] },
        Case([221, 222, 224], "roles are granted to users, listed sorted, and vanish with the role", async (c, auth) =>
        {
            foreach (var name in new[] { "zoe", "adam", "Mia" })
            {
                await auth.Do($"add {name}", (a, o) => a.UserAddAsync(new() { Name = name, Password = "x" }, o));
            }

            await auth.Do("no name", (a, o) => a.UserAddAsync(new() { Password = "x" }, o));
            await auth.Do("users", (a, o) => a.UserListAsync(new(), o));
            foreach (var role in new[] { "r3", "r1", "r2" })
            {
                await auth.Client.RoleAddAsync(new() { Name = role });
                await auth.Do($"grant {role}", (a, o) => a.UserGrantRoleAsync(new() { User = "zoe", Role = role }, o));
            }

            await auth.Do("grant again", (a, o) => a.UserGrantRoleAsync(new() { User = "zoe", Role = "r1" }, o));
            await auth.Do("grant unknown role", (a, o) => a.UserGrantRoleAsync(new() { User = "zoe", Role = "x" }, o));
            await auth.Do("grant to nobody", (a, o) => a.UserGrantRoleAsync(new() { User = "x", Role = "x" }, o));
            await auth.Do("zoe", (a, o) => a.UserGetAsync(new() { Name = "zoe" }, o));
            await auth.Do("revoke", (a, o) => a.UserRevokeRoleAsync(new() { Name = "zoe", Role = "r2" }, o));
            await auth.Do("revoke again", (a, o) => a.UserRevokeRoleAsync(new() { Name = "zoe", Role = "r2" }, o));
            await auth.Do("revoke from nobody", (a, o) => a.UserRevokeRoleAsync(new() { Name = "x", Role = "r2" }, o));
            await auth.Do("delete role", (a, o) => a.RoleDeleteAsync(new() { Role = "r1" }, o));
            await auth.Do("delete role again", (a, o) => a.RoleDeleteAsync(new() { Role = "r1" }, o));
            await auth.Do("zoe after", (a, o) => a.UserGetAsync(new() { Name = "zoe" }, o));
            await auth.Do("roles", (a, o) => a.RoleListAsync(new(), o));
            await auth.Do("delete user", (a, o) => a.UserDeleteAsync(new() { Name = "zoe" }, o));
            await auth.Do("delete user again", (a, o) => a.UserDeleteAsync(new() { Name = "zoe" }, o));
            await auth.Do("get deleted", (a, o) => a.UserGetAsync(new() { Name = "zoe" }, o));
            await auth.Do("change password of nobody", (a, o) => a.UserChangePasswordAsync(new() { Name = "zoe", Password = "x" }, o));
        }),
        Case([223], "root can't be taken away while auth is on", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            await auth.Do("delete user", (a, o) => a.UserDeleteAsync(new() { Name = "root" }, o), root);
            await auth.Do("delete role", (a, o) => a.RoleDeleteAsync(new() { Role = "root" }, o), root);
            await auth.Do("revoke", (a, o) => a.UserRevokeRoleAsync(new() { Name = "root", Role = "root" }, o), root);
            await auth.Client.AuthDisableAsync(new(), root);
            await auth.Do("revoke off", (a, o) => a.UserRevokeRoleAsync(new() { Name = "root", Role = "root" }, o));
            await auth.Do("delete off", (a, o) => a.UserDeleteAsync(new() { Name = "root" }, o));
        }),
        Case([210, 225, 227, 228], "only root manages users and roles; one's own may be looked at", async (c, auth) =>
        {
            await auth.EnableAsync();
            foreach (var (who, headers) in new[] { ("nobody", null), ("alice", await auth.AsAsync("alice")), ("root", await auth.AsAsync("root")) })
            {
                await auth.Do($"{who} user add", (a, o) => a.UserAddAsync(new() { Name = $"by-{who}", Password = "x" }, o), headers);
                await auth.Do($"{who} user list", (a, o) => a.UserListAsync(new(), o), headers);
                await auth.Do($"{who} user get alice", (a, o) => a.UserGetAsync(new() { Name = "alice" }, o), headers);
                await auth.Do($"{who} user get bob", (a, o) => a.UserGetAsync(new() { Name = "bob" }, o), headers);
                await auth.Do($"{who} user get none", (a, o) => a.UserGetAsync(new() { Name = "none" }, o), headers);
                await auth.Do($"{who} password", (a, o) => a.UserChangePasswordAsync(new() { Name = "bob", Password = "x" }, o), headers);
                await auth.Do($"{who} grant", (a, o) => a.UserGrantRoleAsync(new() { User = "bob", Role = "r1" }, o), headers);
                await auth.Do($"{who} revoke", (a, o) => a.UserRevokeRoleAsync(new() { Name = "bob", Role = "r1" }, o), headers);
                await auth.Do($"{who} role add", (a, o) => a.RoleAddAsync(new() { Name = $"r-{who}" }, o), headers);
                await auth.Do($"{who} role list", (a, o) => a.RoleListAsync(new(), o), headers);
                await auth.Do($"{who} role get r1", (a, o) => a.RoleGetAsync(new() { Role = "r1" }, o), headers);
                await auth.Do($"{who} role get root", (a, o) => a.RoleGetAsync(new() { Role = "root" }, o), headers);
                await auth.Do($"{who} permission", (a, o) => a.RoleGrantPermissionAsync(new() { Name = "r1", Perm = Perm(Permission.Types.Type.Read, "x") }, o), headers);
                await auth.Do($"{who} no permission", (a, o) => a.RoleRevokePermissionAsync(new() { Role = "r1", Key = Requests.Utf8("x") }, o), headers);
                await auth.Do($"{who} role delete", (a, o) => a.RoleDeleteAsync(new() { Role = $"r-{who}" }, o), headers);
                await auth.Do($"{who} user delete", (a, o) => a.UserDeleteAsync(new() { Name = $"by-{who}" }, o), headers);
                await auth.Do($"{who} status", (a, o) => a.AuthStatusAsync(new(), o), headers);
            }

            await auth.Do("alice disable", (a, o) => a.AuthDisableAsync(new(), o), await auth.AsAsync("alice"));
            await auth.Do("nobody disable", (a, o) => a.AuthDisableAsync(new(), o));
        }) with
        {
            Deviations =
            [
                .. new[] { "nobody", "alice" }.Select(who => new Deviation($"{who} status", StatusNeedsRoot, _ => "{header:{rev:+0,ids:set},enabled:true,authRevision:9}")),
            ],
        },
        Case([14, 202], "users, roles and auth itself survive a kill; simple tokens do not", async (c, auth) =>
        {
            await auth.EnableAsync();
            var token = await auth.AsAsync("alice");

            // etcd writes its state down ten times a second; tokens of entries that it must apply again come back.
            await Task.Delay(500);
            await c.Server.KillAsync();
            await c.Server.RestartAsync();
            await auth.Put("old token", Requests.Put("b"), token);
            await auth.Put("no token", Requests.Put("b"), null);
            await auth.Put("new token", Requests.Put("b"), await auth.AsAsync("alice"));
            await auth.Do("status", (a, o) => a.AuthStatusAsync(new(), o), await auth.AsAsync("root"));
            await auth.Do("users", (a, o) => a.UserListAsync(new(), o), await auth.AsAsync("root"));
            await auth.Do("role", (a, o) => a.RoleGetAsync(new() { Role = "r1" }, o), await auth.AsAsync("root"));
        }),
    ];

    private static ConformanceCase Case(int[] behaviours, string name, Func<CaseRun, AuthScript, Task> script) =>
        new(behaviours, name, c => script(c, new AuthScript(c))) { Fresh = true, Flags = AuthScript.Flags };
}
