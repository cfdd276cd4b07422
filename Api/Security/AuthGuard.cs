using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Grains.Interfaces.Auth;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;

namespace Krewe.Api.Security;

/// <summary>Finds out who calls, and whether that is enough for RPCs that do not ask about keys.</summary>
internal sealed class AuthGuard(IAuthClient auth, ApiOptions options, IRemoteRpcs? members = null)
{
    private const string Scheme = "Bearer ";

    /// <summary>Permissions as of now.</summary>
    public IAuthView View => auth.View;

    public IAuthClient Client => auth;

    /// <summary>In a gateway the members, which judge in its place; else null.</summary>
    public IRemoteRpcs? Members => members;

    /// <summary>
    /// Who calls: by the metadata <c>token</c>, else <c>authorization</c>, else the certificate (behaviours 200, 230). Null without credentials, and
    /// while auth is off, when tokens are not looked at (194). Throws InvalidAuthToken.
    /// </summary>
    public async ValueTask<AuthIdentity?> IdentifyAsync(GrpcCall call, IAuthView view)
    {
        if (!view.Enabled)
        {
            return null;
        }

        AuthIdentity? identity = null;
        if (TokenOf(call) is { } token)
        {
            identity = await auth.IdentifyAsync(token, view, call.CancellationToken);
        }
        else if (options.ClientCertAuth && call.ClientCommonName is { } name)
        {
            identity = new AuthIdentity(name, view.Revision);
        }

        call.User = identity?.UserName;
        return identity;
    }

    /// <summary>The token for the member that judges, in a gateway; null on a member, and without a token.</summary>
    public string? TokenToPassOn(GrpcCall call) => members is null ? null : TokenOf(call);

    /// <summary>Throws unless the caller is what the method asks for.</summary>
    public ValueTask RequireAsync(GrpcCall call) => RequireAsync(call, call.Method.Access);

    /// <summary>Throws unless the caller has the access.</summary>
    public ValueTask RequireAsync(GrpcCall call, GrpcAccess access)
    {
        var view = auth.View;
        return view.Enabled ? RequireAsync(call, access, view) : default;
    }

    private async ValueTask RequireAsync(GrpcCall call, GrpcAccess access, IAuthView view)
    {
        var identity = await IdentifyAsync(call, view);
        Require(access == GrpcAccess.Root ? view.CheckAdmin(identity) : CheckIdentity(view, identity));
    }

    /// <summary>UserEmpty without credentials (behaviours 186, 226).</summary>
    public static EtcdError CheckIdentity(IAuthView view, AuthIdentity? identity) =>
        view.Enabled && identity is null ? EtcdError.UserEmpty : EtcdError.None;

    public static void Require(EtcdError error)
    {
        if (error != EtcdError.None)
        {
            throw new EtcdException(error);
        }
    }

    private static string? TokenOf(GrpcCall call)
    {
        var values = call.Metadata["token"];
        if (values.Count == 0)
        {
            values = call.Metadata.Authorization;
        }

        if (values.Count == 0)
        {
            return null;
        }

        var token = values[0] ?? "";
        return token.StartsWith(Scheme, StringComparison.Ordinal) ? token[Scheme.Length..] : token;
    }
}
