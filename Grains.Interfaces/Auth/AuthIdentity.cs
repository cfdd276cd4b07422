namespace Krewe.Grains.Interfaces.Auth;

/// <summary>Whom a token or a certificate names.</summary>
/// <param name="UserName">The user; it need not exist any more.</param>
/// <param name="Revision">Auth revision that the credential vouches for: a JWT's own, else the one at the time of use (behaviour 206).</param>
public sealed record AuthIdentity(string UserName, ulong Revision);
