using Krewe.Conformance.Cases.Gateway;
using Krewe.Conformance.Engine;
using static Krewe.Conformance.Cases.Auth.AuthScript;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Auth through the JSON gateway.</summary>
internal static class AuthGatewayCases
{
    private const string SchemeIsStripped = "B200: the scheme, which comes with the subprotocol, is stripped since 3.5.32";

    public static IEnumerable<ConformanceCase> All =>
    [
        new([336], "the gateway takes the token from the Authorization header", async c =>
        {
            var auth = new AuthScript(c);
            await auth.EnableAsync();
            var token = await auth.TokenAsync("alice");
            var put = $"{{\"key\":\"{Quoted("b")}\"}}";
            await GatewayClient.PostAsync(c, "with token", "/v3/kv/put", put, ("Authorization", token));
            await GatewayClient.PostAsync(c, "denied", "/v3/kv/put", $"{{\"key\":\"{Quoted("a")}\"}}", ("Authorization", token));
            await GatewayClient.PostAsync(c, "no token", "/v3/kv/put", put);
            await GatewayClient.PostAsync(c, "bad token", "/v3/kv/put", put, ("Authorization", "bad"));
        })
        { Fresh = true, Flags = Flags },
        new([331, 336], "a WebSocket brings its token as a subprotocol", async c =>
        {
            var auth = new AuthScript(c);
            await auth.EnableAsync();
            var token = await auth.TokenAsync("alice");
            string[] put = [$"{{\"key\":\"{Quoted("b")}\"}}"];
            await GatewayClient.TalkAsync(c, "with token", "/v3/kv/put", ["Bearer", token], put);
            await GatewayClient.TalkAsync(c, "denied", "/v3/kv/put", ["Bearer", token], [$"{{\"key\":\"{Quoted("a")}\"}}"]);
            await GatewayClient.TalkAsync(c, "bad token", "/v3/kv/put", ["Bearer", "bad"], put);
            await GatewayClient.TalkAsync(c, "another subprotocol", "/v3/kv/put", ["chat"], put);
            await GatewayClient.TalkAsync(c, "token first", "/v3/kv/put", [token, "Bearer"], put);
            await GatewayClient.TalkAsync(c, "none", "/v3/kv/put", [], put);
        })
        {
            Fresh = true,
            Flags = Flags,
            Deviations =
            [
                Deviation.Exactly("with token 0", SchemeIsStripped, """{"header":{"cluster_id":"String","member_id":"String","raft_term":"String","revision":"String \u002B1"}}"""),
                Deviation.Exactly("denied 0", SchemeIsStripped, """{"code":7,"message":"etcdserver: permission denied"}"""),
            ],
        },
        new([322, 336], "every route of the Auth service answers", async c =>
        {
            Task Post(string path, string body, params (string, string)[] headers) => GatewayClient.PostAsync(c, $"{path} {body}", $"/v3/auth/{path}", body, headers);
            await Post("status", "{}");
            await Post("user/add", """{"name":"root","password":"p"}""");
            await Post("user/add", """{"name":"u","options":{"no_password":true}}""");
            await Post("user/add", """{"name":"u"}""");
            await Post("user/list", "{}");
            await Post("role/add", """{"name":"r"}""");
            await Post("role/grant", $$$"""{"name":"r","perm":{"permType":"READWRITE","key":"{{{Quoted("a")}}}","range_end":"{{{Quoted("c")}}}"}}""");
            await Post("role/grant", $$$"""{"name":"r","perm":{"permType":"READ","key":"{{{Quoted("x")}}}"}}""");
            await Post("role/get", """{"role":"r"}""");
            await Post("role/revoke", $$"""{"role":"r","key":"{{Quoted("x")}}"}""");
            await Post("role/list", "{}");
            await Post("user/grant", """{"user":"u","role":"r"}""");
            await Post("user/get", """{"name":"u"}""");
            await Post("user/revoke", """{"name":"u","role":"r"}""");
            await Post("user/changepw", """{"name":"u","password":"q"}""");
            await Post("role/delete", """{"role":"r"}""");
            await Post("user/delete", """{"name":"u"}""");
            await Post("authenticate", """{"name":"root","password":"p"}""");
            await Post("enable", "{}");
            await Post("user/grant", """{"user":"root","role":"root"}""");
            await Post("enable", "{}");
            var token = await new AuthScript(c).TokenAsync("root", "p");
            await Post("disable", "{}", ("Authorization", $"{token}"));
        })
        { Fresh = true, Flags = Flags },
    ];
}
