using System.Security.Cryptography;

namespace Krewe.Silo.Auth;

/// <summary>A key of the ES methods.</summary>
internal sealed class EcdsaJwtKey(ECDsa ecdsa, bool canSign, JwtAlgorithm algorithm) : IJwtKey
{
    private const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    public bool CanSign => canSign;

    public byte[] Sign(ReadOnlySpan<byte> data) => ecdsa.SignData(data, algorithm.Hash, Format);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => ecdsa.VerifyData(data, signature, algorithm.Hash, Format);

    public bool IsPairOf(IJwtKey other) => other is EcdsaJwtKey key && Public().AsSpan().SequenceEqual(key.Public());

    public void Dispose() => ecdsa.Dispose();

    private byte[] Public() => ecdsa.ExportSubjectPublicKeyInfo();
}
