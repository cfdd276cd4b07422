namespace Krewe.Silo.Auth;

/// <summary>Kinds of signing keys.</summary>
internal enum JwtKeyFamily
{
    None = 0,
    Rsa,
    RsaPss,
    Ecdsa,
    Hmac,
    Ed25519,
}
