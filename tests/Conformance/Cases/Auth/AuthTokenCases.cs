using System.Text.RegularExpressions;
using Grpc.Core;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Cases.Auth.AuthScript;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Section 9: passwords and tokens.</summary>
internal static partial class AuthTokenCases
{
    public static IEnumerable<ConformanceCase> All =>
    [
        Case([195, 196, 197, 198, 199], "who authenticates with which password", async (c, auth) =>
        {
            await auth.AuthenticateAsync("auth is off", "root", "root");
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            await auth.Do("empty password", (a, o) => a.UserAddAsync(new() { Name = "empty" }, o), root);
            await auth.Do("no password", (a, o) => a.UserAddAsync(new() { Name = "none", Options = new() { NoPassword = true } }, o), root);
            await auth.Do("72 bytes", (a, o) => a.UserAddAsync(new() { Name = "longest", Password = new string('x', 72) }, o), root);
            await auth.Do("73 bytes", (a, o) => a.UserAddAsync(new() { Name = "longer", Password = new string('x', 73) }, o), root);
            await auth.AuthenticateAsync("right", "alice", "alice");
            await auth.AuthenticateAsync("wrong", "alice", "alic");
            await auth.AuthenticateAsync("empty", "alice", "");
            await auth.AuthenticateAsync("unknown user", "x", "alice");
            await auth.AuthenticateAsync("no user", "", "");
            await auth.AuthenticateAsync("empty right", "empty", "");
            await auth.AuthenticateAsync("empty wrong", "empty", "x");
            await auth.AuthenticateAsync("no password user", "none", "");
            await auth.AuthenticateAsync("longest", "longest", new string('x', 72));
            await auth.AuthenticateAsync("longest and more", "longest", new string('x', 73));
            await auth.Do("change to empty", (a, o) => a.UserChangePasswordAsync(new() { Name = "bob" }, o), root);
            await auth.AuthenticateAsync("bob old", "bob", "bob");
            await auth.AuthenticateAsync("bob empty", "bob", "");
            await auth.Do("change of none", (a, o) => a.UserChangePasswordAsync(new() { Name = "none", Password = "p" }, o), root);
            await auth.AuthenticateAsync("none after change", "none", "p");
            var hash = Convert.ToBase64String("$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"u8);
            await auth.Do("change to a hash", (a, o) => a.UserChangePasswordAsync(new() { Name = "bob", HashedPassword = hash }, o), root);
            await auth.AuthenticateAsync("bob by hash", "bob", "allmine");
            await auth.Do("change to garbage", (a, o) => a.UserChangePasswordAsync(new() { Name = "bob", HashedPassword = "?" }, o), root);
            await auth.Do("change to no hash", (a, o) => a.UserChangePasswordAsync(new() { Name = "bob", HashedPassword = "AAAA" }, o), root);
            await auth.AuthenticateAsync("bob by no hash", "bob", "allmine");
            await auth.Do("add with a hash", (a, o) => a.UserAddAsync(new() { Name = "carl", HashedPassword = hash }, o), root);
            await auth.AuthenticateAsync("carl by hash", "carl", "allmine");
            await auth.AuthenticateAsync("carl by empty", "carl", "");
            await auth.Do("change to 73 bytes", (a, o) => a.UserChangePasswordAsync(new() { Name = "bob", Password = new string('x', 73) }, o), root);
        }),
        Case([200, 203, 210], "where the token is looked for and what is none", async (c, auth) =>
        {
            await auth.EnableAsync();
            var token = await auth.TokenAsync("alice");
            c.Record("form", $"{TokenForm().IsMatch(token)}");
            foreach (var (label, headers) in new (string, Metadata?)[]
            {
                ("none", null),
                ("token", With(token)),
                ("authorization", new Metadata { { "authorization", token } }),
                ("both, token bad", new Metadata { { "token", "bad" }, { "authorization", token } }),
                ("both, authorization bad", new Metadata { { "authorization", "bad" }, { "token", token } }),
                ("Bearer", new Metadata { { "authorization", $"Bearer {token}" } }),
                ("Basic", new Metadata { { "authorization", $"Basic {token}" } }),
                ("empty", With("")),
                ("no index", With(token.Split('.')[0])),
                ("other index", With(token.Split('.')[0] + ".1")),
                ("no number", With(token.Split('.')[0] + ".x")),
                ("two dots", With(token + ".1")),
            })
            {
                await auth.Put(label, Requests.Put("b"), headers);
                await auth.Range($"{label} range", Requests.Range("a"), headers);
            }
        }) with
        {
            Deviations =
            [
                new("Bearer", "B200: the scheme is stripped since 3.5.32", _ => "{header:{rev:+4,ids:set}}"),
                new("Bearer range", "B200: the scheme is stripped since 3.5.32", _ => "{header:{rev:+4,ids:set}}"),
            ],
        },
        Case([193, 194, 204], "what drops tokens and what does not", async (c, auth) =>
        {
            await auth.EnableAsync();
            var root = await auth.AsAsync("root");
            var alice = await auth.AsAsync("alice");
            Task Try(string label) => auth.Put(label, Requests.Put("b"), alice);
            await Try("fresh");
            await auth.Client.UserAddAsync(new() { Name = "other", Password = "x" }, root);
            await Try("after another user");
            await auth.GrantAsync("r1", Api.Protos.Auth.Permission.Types.Type.Read, "q", headers: root);
            await Try("after a permission");
            await auth.Client.RoleAddAsync(new() { Name = "r2" }, root);
            await auth.Client.UserGrantRoleAsync(new() { User = "alice", Role = "r2" }, root);
            await auth.Client.RoleDeleteAsync(new() { Role = "r2" }, root);
            await Try("after a role came and went");
            await auth.Client.UserChangePasswordAsync(new() { Name = "alice", Password = "alice" }, root);
            await Try("after the password");
            alice = await auth.AsAsync("alice");
            await Try("authenticated again");
            await auth.Client.UserDeleteAsync(new() { Name = "alice" }, root);
            await Try("user deleted");
            await auth.Client.AuthDisableAsync(new(), root);
            await Try("auth is off");
            await auth.Client.AuthEnableAsync(new());
            await auth.Range("root's token after off and on", Requests.Range("b"), root);
        }),
        Case([202], "a simple token lives as long as it is used", async (c, auth) =>
        {
            await auth.EnableAsync();
            var used = await auth.AsAsync("alice");
            var unused = await auth.AsAsync("alice");
            for (var i = 0; i < 26; i++)
            {
                await c.Target.Kv.PutAsync(Requests.Put("b"), used, CaseRun.Deadline());
                await Task.Delay(250);
            }

            await auth.Put("used", Requests.Put("b"), used);
            await auth.Put("unused", Requests.Put("b"), unused);
        }) with { Flags = ["--bcrypt-cost=4", "--auth-token-ttl=4"] },
    ];

    private static ConformanceCase Case(int[] behaviours, string name, Func<CaseRun, AuthScript, Task> script) =>
        new(behaviours, name, c => script(c, new AuthScript(c))) { Fresh = true, Flags = AuthScript.Flags };

    [GeneratedRegex(@"^[a-zA-Z]{16}\.[0-9]+$")]
    private static partial Regex TokenForm();
}
