namespace Krewe.Silo.Auth;

/// <summary>The keys in force at one time; immutable.</summary>
/// <param name="Signing">The private key; null on a member that only verifies (behaviour 207).</param>
/// <param name="Verifying">Every key whose tokens are accepted.</param>
internal sealed record JwtKeySet(IJwtKey? Signing, IReadOnlyList<IJwtKey> Verifying)
{
    /// <summary>Reads the files. Throws <see cref="InvalidDataException"/> with etcd's texts, or what reading a file throws.</summary>
    public static JwtKeySet Load(JwtOptions options)
    {
        var secret = Read(options.PrivateKeyFile);
        var shown = Read(options.PublicKeyFile);
        var signing = secret.Length > 0 ? JwtKeyReader.ReadPrivate(secret, options.Algorithm) : null;
        if (options.Algorithm.Family == JwtKeyFamily.Hmac)
        {
            return signing is null ? throw new InvalidDataException("auth: missing key data") : new JwtKeySet(signing, [signing]);
        }

        IReadOnlyList<IJwtKey> known = shown.Length > 0 ? JwtKeyReader.ReadPublic(shown, options.Algorithm) : [];
        if (signing is null)
        {
            return known.Count == 0 ? throw new InvalidDataException("auth: missing key data") : new JwtKeySet(null, known);
        }

        if (known.Count > 0 && !known.Any(signing.IsPairOf))
        {
            throw new InvalidDataException("auth: public and private keys don't match");
        }

        return new JwtKeySet(signing, [signing, .. known.Where(key => !signing.IsPairOf(key))]);
    }

    private static byte[] Read(string file)
    {
        if (file.Length == 0)
        {
            return [];
        }

        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{AuthTokenSpec.InvalidOptions}: {e.Message}", e);
        }
    }
}
