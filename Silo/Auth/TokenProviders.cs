using Krewe.Grains.Auth.Tokens;
using Krewe.Silo.Configuration.Options;

namespace Krewe.Silo.Auth;

/// <summary>Makes the kind of token that --auth-token names.</summary>
internal static class TokenProviders
{
    /// <summary>Throws <see cref="InvalidDataException"/> with a text for the operator.</summary>
    public static ITokenProvider Create(AuthOptions options, TimeProvider time)
    {
        if (!AuthTokenSpec.TryParse(options.Token, out var spec, out var error))
        {
            throw new InvalidDataException(error);
        }

        return spec switch
        {
            { Jwt: { } jwt } => new JwtTokens(jwt, time),
            { Kind: AuthTokenSpec.Simple } => new SimpleTokens(options.SimpleTokenTimeToLive, time),
            _ => new NoTokens(),
        };
    }
}
