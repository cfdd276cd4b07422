using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Grains.Auth.Tokens;

/// <summary>A kind of token (--auth-token).</summary>
public interface ITokenProvider
{
    /// <summary>Random first part of a token that is made known through the log; null for a kind that <see cref="Issue"/> makes here.</summary>
    string? NewPrefix();

    /// <summary>Makes a token. Throws <see cref="Interfaces.Errors.EtcdException"/> if this member can't.</summary>
    string Issue(string userName, ulong authRevision);

    /// <summary>Whom the token names; null if it is not valid.</summary>
    /// <param name="token">As it came.</param>
    /// <param name="authRevision">The revision of identities that do not carry one.</param>
    /// <param name="cancellationToken">Ends the wait for the token's log entry.</param>
    ValueTask<AuthIdentity?> IdentifyAsync(string token, ulong authRevision, CancellationToken cancellationToken);
}
