using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Krewe.Silo.Auth;

/// <summary>A key of EdDSA, which the base library does not have.</summary>
internal sealed class Ed25519JwtKey(Ed25519PrivateKeyParameters? privateKey, Ed25519PublicKeyParameters publicKey) : IJwtKey
{
    public bool CanSign => privateKey is not null;

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, privateKey ?? throw new InvalidOperationException("a public key does not sign"));
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, publicKey);
        verifier.BlockUpdate(data);
        return verifier.VerifySignature(signature.ToArray());
    }

    public bool IsPairOf(IJwtKey other) => other is Ed25519JwtKey key && Public().AsSpan().SequenceEqual(key.Public());

    public void Dispose()
    {
        // Nothing of it belongs to the system.
    }

    private byte[] Public() => publicKey.GetEncoded();
}
