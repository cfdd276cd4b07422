using System.Security.Cryptography;

namespace Krewe.Silo.Auth;

/// <summary>The secret of the HS methods: the bytes of its file, as in etcd.</summary>
internal sealed class HmacJwtKey(byte[] secret, JwtAlgorithm algorithm) : IJwtKey
{
    public bool CanSign => true;

    public byte[] Sign(ReadOnlySpan<byte> data) => CryptographicOperations.HmacData(algorithm.Hash, secret, data);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => CryptographicOperations.FixedTimeEquals(Sign(data), signature);

    public bool IsPairOf(IJwtKey other) => other is HmacJwtKey key && key.Sign([]).AsSpan().SequenceEqual(Sign([]));

    public void Dispose()
    {
        // The secret is gone when the object is.
    }
}
