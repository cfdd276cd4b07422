using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Krewe.Silo.Auth;

/// <summary>Reads keys from the text of their files: PEM, or for HS the bytes as they are. Throws <see cref="InvalidDataException"/>.</summary>
internal static class JwtKeyReader
{
    public static IJwtKey ReadPrivate(byte[] file, JwtAlgorithm algorithm)
    {
        if (algorithm.Family == JwtKeyFamily.Hmac)
        {
            return new HmacJwtKey(file, algorithm);
        }

        var blocks = Blocks(file);
        var block = blocks.FirstOrDefault(b => b.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        return block.Label is null ? throw new InvalidDataException("auth: no private key in the PEM file") : Read(block, algorithm, isPrivate: true);
    }

    /// <summary>All public keys and certificates of the file, in its order; at least one.</summary>
    public static IReadOnlyList<IJwtKey> ReadPublic(byte[] file, JwtAlgorithm algorithm)
    {
        IJwtKey[] keys = [.. Blocks(file)
            .Where(b => b.Label is "PUBLIC KEY" or "RSA PUBLIC KEY" or "CERTIFICATE")
            .Select(b => Read(b, algorithm, isPrivate: false))];
        return keys.Length > 0 ? keys : throw new InvalidDataException("auth: no public key in the PEM file");
    }

    private static List<(string Label, string Pem, byte[] Data)> Blocks(byte[] file)
    {
        var text = Encoding.UTF8.GetString(file);
        var blocks = new List<(string, string, byte[])>();
        for (var rest = 0; PemEncoding.TryFind(text.AsSpan(rest), out var found);)
        {
            var pem = text.AsSpan(rest);
            blocks.Add((pem[found.Label].ToString(), pem[found.Location].ToString(), Convert.FromBase64String(pem[found.Base64Data].ToString())));
            rest += found.Location.End.GetOffset(pem.Length);
        }

        return blocks;
    }

    private static IJwtKey Read((string Label, string Pem, byte[] Data) block, JwtAlgorithm algorithm, bool isPrivate)
    {
        try
        {
            return algorithm.Family switch
            {
                JwtKeyFamily.Rsa or JwtKeyFamily.RsaPss => new RsaJwtKey(ReadRsa(block), isPrivate, algorithm),
                JwtKeyFamily.Ecdsa => new EcdsaJwtKey(ReadEcdsa(block), isPrivate, algorithm),
                JwtKeyFamily.Ed25519 => ReadEd25519(block, isPrivate),
                _ => throw new InvalidDataException("auth: invalid auth signature method"),
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or GeneralSecurityException or InvalidCastException or IOException)
        {
            throw new InvalidDataException($"auth: key is not a valid key for {algorithm.Name}: {e.Message}", e);
        }
    }

    private static RSA ReadRsa((string Label, string Pem, byte[] Data) block)
    {
        if (block.Label == "CERTIFICATE")
        {
            using var certificate = X509CertificateLoader.LoadCertificate(block.Data);
            return certificate.GetRSAPublicKey() ?? throw new CryptographicException("the certificate has no RSA key");
        }

        var rsa = RSA.Create();
        rsa.ImportFromPem(block.Pem);
        return rsa;
    }

    private static ECDsa ReadEcdsa((string Label, string Pem, byte[] Data) block)
    {
        if (block.Label == "CERTIFICATE")
        {
            using var certificate = X509CertificateLoader.LoadCertificate(block.Data);
            return certificate.GetECDsaPublicKey() ?? throw new CryptographicException("the certificate has no EC key");
        }

        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(block.Pem);
        return ecdsa;
    }

    private static Ed25519JwtKey ReadEd25519((string Label, string Pem, byte[] Data) block, bool isPrivate)
    {
        if (!isPrivate)
        {
            return new Ed25519JwtKey(null, (Ed25519PublicKeyParameters)PublicKeyFactory.CreateKey(block.Data));
        }

        var key = (Ed25519PrivateKeyParameters)PrivateKeyFactory.CreateKey(block.Data);
        return new Ed25519JwtKey(key, key.GeneratePublicKey());
    }
}
