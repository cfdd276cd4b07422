using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Silo.Auth;
using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;

namespace Krewe.Silo.Tests.Auth;

/// <summary>JSON web tokens of every method, and what is not one.</summary>
public sealed class JwtTokensTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("krewe-jwt-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    public static TheoryData<string> Methods => [.. JwtAlgorithm.Known.Select(a => a.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_token_of_each_method_names_its_user_and_revision_behaviour_205(string method)
    {
        var tokens = Tokens(method, Pair(method));
        var token = tokens.Issue("üser", 7);

        Assert.Equal(new AuthIdentity("üser", 7), await tokens.IdentifyAsync(token, 99, CancellationToken.None));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        Assert.Equal(["exp", "revision", "username"], claims.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1_800_000_300, claims.RootElement.GetProperty("exp").GetInt64());
        Assert.Equal($"{{\"alg\":\"{method}\",\"typ\":\"JWT\"}}", Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token.Split('.')[0])));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_changed_token_is_none_behaviour_203(string method)
    {
        var tokens = Tokens(method, Pair(method));
        var parts = tokens.Issue("u", 7).Split('.');
        var forged = Base64Url.EncodeToString("{\"exp\":1800000300,\"revision\":7,\"username\":\"root\"}"u8);
        var none = Base64Url.EncodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}"u8);
        var signature = Base64Url.DecodeFromChars(parts[2]);
        signature[3] ^= 1;
        foreach (var token in new[]
        {
            $"{parts[0]}.{forged}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}",
            $"{none}.{forged}.",
            $"{none}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}.x",
            $".{parts[1]}.{parts[2]}",
            $"é.{parts[1]}.{parts[2]}",
            "..",
            "",
            new string('a', JwtTokens.MaxTokenLength + 1),
        })
        {
            Assert.Null(await tokens.IdentifyAsync(token, 1, CancellationToken.None));
        }
    }

    /// <summary>The classic confusion: the public key, which everybody may know, used as the secret of an HS method.</summary>
    [Fact]
    public async Task The_token_does_not_choose_the_method()
    {
        var pair = Pair("RS256");
        var tokens = Tokens("RS256", pair);
        var signed = $"{Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8)}.{Base64Url.EncodeToString("{\"exp\":1800000300,\"revision\":7,\"username\":\"root\"}"u8)}";
        var mac = HMACSHA256.HashData(File.ReadAllBytes(pair.Public), Encoding.ASCII.GetBytes(signed));

        Assert.Null(await tokens.IdentifyAsync($"{signed}.{Base64Url.EncodeToString(mac)}", 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_token_expires()
    {
        var tokens = Tokens("HS256", Pair("HS256"), ttl: TimeSpan.FromSeconds(10));
        var token = tokens.Issue("u", 1);
        _time.Advance(TimeSpan.FromSeconds(9.5));
        Assert.NotNull(await tokens.IdentifyAsync(token, 1, CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(await tokens.IdentifyAsync(token, 1, CancellationToken.None));
    }

    [Theory]
    [InlineData("{\"exp\":1800000300,\"revision\":7}")]
    [InlineData("{\"exp\":1800000300,\"username\":\"u\"}")]
    [InlineData("{\"exp\":1800000300,\"revision\":\"7\",\"username\":\"u\"}")]
    [InlineData("{\"exp\":1800000300,\"revision\":-1,\"username\":\"u\"}")]
    [InlineData("{\"exp\":1800000300,\"revision\":7,\"username\":1}")]
    [InlineData("{\"exp\":\"x\",\"revision\":7,\"username\":\"u\"}")]
    [InlineData("{\"nbf\":1800000300,\"revision\":7,\"username\":\"u\"}")]
    [InlineData("[]")]
    [InlineData("nothing")]
    public async Task Claims_that_are_missing_or_of_another_kind_are_refused(string claims)
    {
        var secret = Pair("HS256");
        var tokens = Tokens("HS256", secret);

        Assert.Null(await tokens.IdentifyAsync(Sign(secret.Private, claims), 1, CancellationToken.None));
        Assert.NotNull(await tokens.IdentifyAsync(Sign(secret.Private, "{\"exp\":1800000300,\"revision\":7.0,\"username\":\"u\"}"), 1, CancellationToken.None));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES384")]
    [InlineData("EdDSA")]
    public async Task With_the_public_key_alone_tokens_are_verified_but_not_issued_behaviour_207(string method)
    {
        var pair = Pair(method);
        var token = Tokens(method, pair).Issue("u", 3);
        var verifier = Tokens(method, (pair.Public, ""));

        Assert.Equal("u", (await verifier.IdentifyAsync(token, 1, CancellationToken.None))!.UserName);
        Assert.Equal(EtcdError.TokenVerifyOnly, Assert.Throws<EtcdException>(() => verifier.Issue("u", 3)).Error);
    }

    [Fact]
    public void Keys_that_can_not_be_used_are_refused_at_start()
    {
        var rsa = Pair("RS256");
        var other = Pair("RS256");
        string Refusal(string method, string publicKey, string privateKey) =>
            Assert.Throws<InvalidDataException>(() => Tokens(method, (publicKey, privateKey))).Message;

        Assert.Equal("auth: missing key data", Refusal("RS256", "", ""));
        Assert.Equal("auth: missing key data", Refusal("HS256", rsa.Public, ""));
        Assert.Equal("auth: public and private keys don't match", Refusal("RS256", other.Public, rsa.Private));
        Assert.StartsWith("auth: invalid auth options", Refusal("RS256", "", Path.Combine(_folder, "absent")), StringComparison.Ordinal);
        Assert.StartsWith("auth: key is not a valid key for ES256", Refusal("ES256", "", rsa.Private), StringComparison.Ordinal);
        Assert.StartsWith("auth: key is not a valid key for EdDSA", Refusal("EdDSA", rsa.Public, ""), StringComparison.Ordinal);
        Assert.StartsWith("auth: no private key", Refusal("RS256", "", rsa.Public), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaced_key_files_are_read_and_tokens_of_the_old_key_live_out_their_time()
    {
        var pair = Pair("ES256");
        var tokens = Tokens("ES256", pair, ttl: TimeSpan.FromSeconds(60));
        var old = tokens.Issue("u", 1);
        var next = Pair("ES256");
        File.Copy(next.Public, pair.Public, overwrite: true);
        File.Copy(next.Private, pair.Private, overwrite: true);
        File.SetLastWriteTimeUtc(pair.Private, DateTime.UtcNow.AddMinutes(1));

        // Not looked at yet.
        Assert.Null(await Tokens("ES256", next).IdentifyAsync(tokens.Issue("u", 1), 1, CancellationToken.None));
        _time.Advance(JwtTokens.ReloadInterval);
        Assert.NotNull(await Tokens("ES256", next).IdentifyAsync(tokens.Issue("u", 1), 1, CancellationToken.None));
        Assert.NotNull(await tokens.IdentifyAsync(old, 1, CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await tokens.IdentifyAsync(old, 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_broken_key_file_leaves_the_former_keys_in_force()
    {
        var pair = Pair("HS256");
        var tokens = Tokens("HS256", pair);
        var token = tokens.Issue("u", 1);
        File.Delete(pair.Private);
        _time.Advance(JwtTokens.ReloadInterval);

        Assert.NotNull(await tokens.IdentifyAsync(token, 1, CancellationToken.None));
        Assert.NotNull(await tokens.IdentifyAsync(tokens.Issue("u", 1), 1, CancellationToken.None));
    }

    [Fact]
    public async Task Several_public_keys_in_one_file_are_all_accepted()
    {
        var one = Pair("RS256");
        var two = Pair("RS256");
        var both = Path.Combine(_folder, "both");
        File.WriteAllText(both, File.ReadAllText(one.Public) + "\n" + File.ReadAllText(two.Public));
        var tokens = Tokens("RS256", (both, one.Private));

        Assert.NotNull(await tokens.IdentifyAsync(Tokens("RS256", one).Issue("u", 1), 1, CancellationToken.None));
        Assert.NotNull(await tokens.IdentifyAsync(Tokens("RS256", two).Issue("u", 1), 1, CancellationToken.None));
        Assert.Null(await tokens.IdentifyAsync(Tokens("RS256", Pair("RS256")).Issue("u", 1), 1, CancellationToken.None));
    }

    /// <summary>Random strings and mutilated tokens: refused, never an exception.</summary>
    [Fact]
    public async Task Garbage_is_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var tokens = Tokens("HS256", Pair("HS256"));
        var good = tokens.Issue("u", 1);
        for (var i = 0; i < 2000; i++)
        {
            var text = new StringBuilder(good);
            for (var cut = random.Next(1, 6); cut > 0; cut--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, 0x180);
            }

            var token = text.ToString();
            if (token != good)
            {
                Assert.True(await tokens.IdentifyAsync(token, 1, CancellationToken.None) is null, $"seed {seed}: {token}");
            }
        }
    }

    private JwtTokens Tokens(string method, (string Public, string Private) keys, TimeSpan? ttl = null)
    {
        Assert.True(JwtAlgorithm.TryFind(method, out var algorithm));
        return new JwtTokens(new JwtOptions(keys.Public, keys.Private, algorithm, ttl ?? JwtOptions.DefaultTimeToLive), _time);
    }

    private string Write(string content)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("n"));
        File.WriteAllText(file, content);
        return file;
    }

    private (string Public, string Private) Pair(string method)
    {
        switch (method[..2])
        {
            case "RS" or "PS":
                using (var rsa = RSA.Create(2048))
                {
                    return (Write(rsa.ExportSubjectPublicKeyInfoPem()), Write(method.EndsWith("256", StringComparison.Ordinal) ? rsa.ExportRSAPrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem()));
                }

            case "ES":
                var curve = method switch { "ES256" => ECCurve.NamedCurves.nistP256, "ES384" => ECCurve.NamedCurves.nistP384, _ => ECCurve.NamedCurves.nistP521 };
                using (var ecdsa = ECDsa.Create(curve))
                {
                    return (Write(ecdsa.ExportSubjectPublicKeyInfoPem()), Write(method == "ES256" ? ecdsa.ExportECPrivateKeyPem() : ecdsa.ExportPkcs8PrivateKeyPem()));
                }

            case "Ed":
                var generator = new Ed25519KeyPairGenerator();
                generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
                var pair = generator.GenerateKeyPair();
                return (Write(Pem(pair.Public)), Write(Pem(new Pkcs8Generator(pair.Private).Generate())));
            default:
                return ("", Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(64))));
        }
    }

    private static string Pem(object key)
    {
        using var text = new StringWriter();
        using var writer = new PemWriter(text);
        writer.WriteObject(key);
        writer.Writer.Flush();
        return text.ToString();
    }

    private static string Sign(string secretFile, string claims)
    {
        var signed = $"{Base64Url.EncodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(File.ReadAllBytes(secretFile), Encoding.ASCII.GetBytes(signed)))}";
    }
}
