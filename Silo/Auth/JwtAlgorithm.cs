using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Krewe.Silo.Auth;

/// <summary>A method of RFC 7518 or RFC 8037.</summary>
/// <param name="Name">As in the token's header and in the option.</param>
/// <param name="Family">The kind of key that it takes.</param>
/// <param name="Hash">The hash that is signed; unused for EdDSA.</param>
internal sealed record JwtAlgorithm(string Name, JwtKeyFamily Family, HashAlgorithmName Hash)
{
    public static readonly JwtAlgorithm None = new("none", JwtKeyFamily.None, default);

    private static readonly FrozenDictionary<string, JwtAlgorithm> All = new JwtAlgorithm[]
    {
        new("RS256", JwtKeyFamily.Rsa, HashAlgorithmName.SHA256),
        new("RS384", JwtKeyFamily.Rsa, HashAlgorithmName.SHA384),
        new("RS512", JwtKeyFamily.Rsa, HashAlgorithmName.SHA512),
        new("PS256", JwtKeyFamily.RsaPss, HashAlgorithmName.SHA256),
        new("PS384", JwtKeyFamily.RsaPss, HashAlgorithmName.SHA384),
        new("PS512", JwtKeyFamily.RsaPss, HashAlgorithmName.SHA512),
        new("ES256", JwtKeyFamily.Ecdsa, HashAlgorithmName.SHA256),
        new("ES384", JwtKeyFamily.Ecdsa, HashAlgorithmName.SHA384),
        new("ES512", JwtKeyFamily.Ecdsa, HashAlgorithmName.SHA512),
        new("HS256", JwtKeyFamily.Hmac, HashAlgorithmName.SHA256),
        new("HS384", JwtKeyFamily.Hmac, HashAlgorithmName.SHA384),
        new("HS512", JwtKeyFamily.Hmac, HashAlgorithmName.SHA512),
        new("EdDSA", JwtKeyFamily.Ed25519, default),
    }.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Every method that is accepted.</summary>
    public static IEnumerable<JwtAlgorithm> Known => All.Values;

    public static bool TryFind(string name, out JwtAlgorithm algorithm) => All.TryGetValue(name, out algorithm!);
}
