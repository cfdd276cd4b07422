using Krewe.Grains.Interfaces.Auth;

namespace Krewe.Grains.Gateway;

/// <summary>Finds out on a member for whom a gateway asks.</summary>
internal static class TokenBearer
{
    /// <summary>
    /// Whom the token names; null without one, and while auth is off (behaviour 194). Throws <see cref="Interfaces.Errors.EtcdException"/>
    /// InvalidAuthToken.
    /// </summary>
    public static async ValueTask<AuthIdentity?> IdentifyAsync(IAuthClient auth, string? token, IAuthView view, CancellationToken cancellationToken) =>
        view.Enabled && token is not null ? await auth.IdentifyAsync(token, view, cancellationToken) : null;
}
