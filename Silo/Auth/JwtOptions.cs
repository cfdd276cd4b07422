namespace Krewe.Silo.Auth;

/// <summary>Options of --auth-token jwt.</summary>
/// <param name="PublicKeyFile">File of one public key or several; empty for none.</param>
/// <param name="PrivateKeyFile">File of the private key, or of the secret of an HS method; empty for none.</param>
/// <param name="Algorithm">How tokens are signed; no other method is accepted.</param>
/// <param name="TimeToLive">How long a token is valid.</param>
internal sealed record JwtOptions(string PublicKeyFile, string PrivateKeyFile, JwtAlgorithm Algorithm, TimeSpan TimeToLive)
{
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromMinutes(5);
}
