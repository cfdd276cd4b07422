using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Grains.Auth.Tokens;

/// <summary>--auth-token with an empty value: users come by certificates only.</summary>
public sealed class NoTokens : ITokenProvider
{
    public string? NewPrefix() => null;

    public string Issue(string userName, ulong authRevision) => throw new EtcdException(EtcdError.AuthFailed);

    public ValueTask<AuthIdentity?> IdentifyAsync(string token, ulong authRevision, CancellationToken cancellationToken) => new((AuthIdentity?)null);
}
