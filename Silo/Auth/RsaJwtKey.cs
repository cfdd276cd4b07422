using System.Security.Cryptography;

namespace Krewe.Silo.Auth;

/// <summary>A key of the RS and PS methods.</summary>
internal sealed class RsaJwtKey(RSA rsa, bool canSign, JwtAlgorithm algorithm) : IJwtKey
{
    private readonly RSASignaturePadding _padding = algorithm.Family == JwtKeyFamily.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    public bool CanSign => canSign;

    public byte[] Sign(ReadOnlySpan<byte> data) => rsa.SignData(data, algorithm.Hash, _padding);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => rsa.VerifyData(data, signature, algorithm.Hash, _padding);

    public bool IsPairOf(IJwtKey other) => other is RsaJwtKey key && Public().AsSpan().SequenceEqual(key.Public());

    public void Dispose() => rsa.Dispose();

    private byte[] Public() => rsa.ExportSubjectPublicKeyInfo();
}
