using System.Security.Cryptography;
using System.Text.Json;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Section 9: JSON web tokens, with keys that the test makes. Both servers get the same keys, so each takes the other's tokens.</summary>
internal static class JwtCases
{
    private static readonly Lazy<string> Folder = new(static () => Directory.CreateTempSubdirectory("krewe-jwt-keys-").FullName);

    public static IEnumerable<ConformanceCase> All =>
    [
        .. new[] { "RS256", "PS384", "ES256", "HS256", "EdDSA" }.Select(Signed),
        new([207], "a member with the public key alone verifies and does not issue", async c =>
        {
            var auth = new AuthScript(c);
            await auth.AddUserAsync("root", "root");
            await auth.Client.UserGrantRoleAsync(new() { User = "root", Role = "root" });
            await auth.Client.AuthEnableAsync(new());
            await auth.AuthenticateAsync("authenticate", "root", "root");
        })
        { Fresh = true, Flags = ["--bcrypt-cost=4", $"--auth-token=jwt,pub-key={Keys("ES256").Public},sign-method=ES256"] },
    ];

    private static ConformanceCase Signed(string method) => new([205, 206], $"JSON web tokens signed with {method}", async c =>
    {
        var auth = new AuthScript(c);
        await auth.EnableAsync();
        var token = await auth.TokenAsync("alice");
        var parts = token.Split('.');
        using var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        c.Record("claims", string.Join(' ', claims.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)));
        c.Record("user and revision", $"{claims.RootElement.GetProperty("username")} {claims.RootElement.GetProperty("revision")}");
        var left = claims.RootElement.GetProperty("exp").GetInt64() - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        c.Record("expires in ten minutes", $"{left is > 540 and <= 600}");
        c.Record("header", System.Text.Encoding.ASCII.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0])));
        var alice = AuthScript.With(token);
        await auth.Put("good", Requests.Put("b"), alice);
        await auth.Put("denied", Requests.Put("a"), alice);
        await auth.Put("changed signature", Requests.Put("b"), AuthScript.With($"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA"));
        await auth.Put("other claims", Requests.Put("b"), AuthScript.With($"{parts[0]}.{(await auth.TokenAsync("root")).Split('.')[1]}.{parts[2]}"));
        await auth.Put("no signature", Requests.Put("b"), AuthScript.With($"{parts[0]}.{parts[1]}."));
        var root = await auth.AsAsync("root");
        await auth.Client.UserChangePasswordAsync(new() { Name = "bob", Password = "x" }, root);
        await auth.Put("after a change", Requests.Put("b"), alice);
        await auth.Range("range after a change", Requests.Range("b"), alice);
        await using var watch = c.Watch(alice);
        await watch.CreateAsync(Requests.WatchKey("b"));
        await c.Next("watch after a change", watch);
        await auth.Do("admin after a change", (a, o) => a.UserListAsync(new(), o), root);
        await auth.Put("authenticated again", Requests.Put("b"), await auth.AsAsync("alice"));
    })
    {
        Fresh = true,
        Flags = ["--bcrypt-cost=4", $"--auth-token=jwt,pub-key={Keys(method).Public},priv-key={Keys(method).Private},sign-method={method},ttl=10m"],
    };

    private static (string Public, string Private) Keys(string method)
    {
        var (shown, secret) = (Path.Combine(Folder.Value, $"{method}.pub"), Path.Combine(Folder.Value, $"{method}.key"));
        if (!File.Exists(secret))
        {
            var (publicPem, privatePem) = Make(method);
            File.WriteAllText(shown, publicPem);
            File.WriteAllText(secret, privatePem);
        }

        return (shown, secret);
    }

    private static (string Public, string Private) Make(string method)
    {
        switch (method[0])
        {
            case 'E' when method == "EdDSA":
                // RFC 8032's first test vector, in the wrapping of RFC 8410.
                return (
                    Pem("PUBLIC KEY", "302A300506032B6570032100D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A"),
                    Pem("PRIVATE KEY", "302E020100300506032B6570042204209D61B19DEFFD5A60BA844AF492EC2CC44449C5697B326919703BAC031CAE7F60"));
            case 'E':
                using (var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    return (ecdsa.ExportSubjectPublicKeyInfoPem(), ecdsa.ExportECPrivateKeyPem());
                }

            case 'H':
                return ("", Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)));
            default:
                using (var rsa = RSA.Create(2048))
                {
                    return (rsa.ExportSubjectPublicKeyInfoPem(), rsa.ExportPkcs8PrivateKeyPem());
                }
        }
    }

    private static string Pem(string label, string hex) => PemEncoding.WriteString(label, Convert.FromHexString(hex)) + "\n";
}
