using System.Text;
using System.Text.Json;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Cluster;
using Krewe.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>
/// Krewe's own: where a gateway process finds the cluster's silos, as <c>{"cluster":"...","gateways":["host:port"]}</c>. While auth is enabled only for
/// who has a verified client certificate or gives a user's name and password (HTTP's Basic); others get 401.
/// </summary>
internal sealed class SilosEndpoint(ISiloGateways silos, AuthGuard guard, ApiOptions options) : IHttpEndpoint
{
    private const string Scheme = "Basic ";

    private readonly AcceptedCredentials _accepted = new();

    public string Path => "/krewe/silos";

    public bool OnMetricsListeners => false;

    public async Task HandleAsync(HttpContext http)
    {
        if (!await MayAskAsync(http))
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"etcd\"";
            await HttpText.WriteErrorAsync(http, StatusCodes.Status401Unauthorized, "a user's name and password are needed while authentication is enabled");
            return;
        }

        var body = JsonSerializer.Serialize(new Dictionary<string, object> { ["cluster"] = silos.ClusterName, ["gateways"] = silos.Addresses });
        await HttpText.WriteAsync(http, StatusCodes.Status200OK, body, "application/json");
    }

    private async ValueTask<bool> MayAskAsync(HttpContext http)
    {
        var view = guard.View;
        if (!view.Enabled || (options.ClientCertAuth && http.Features.Get<IClientCertificateIdentity>() is not null))
        {
            return true;
        }

        var credentials = http.Request.Headers.Authorization.ToString();
        if (_accepted.Contains(view, credentials))
        {
            return true;
        }

        if (!TryRead(credentials, out var user, out var password))
        {
            return false;
        }

        try
        {
            await guard.Client.AuthenticateAsync(user, password, http.RequestAborted);
        }
        catch (EtcdException)
        {
            return false;
        }

        _accepted.Add(view, credentials);
        return true;
    }

    private static bool TryRead(string credentials, out string user, out string password)
    {
        (user, password) = ("", "");
        var encoded = credentials.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? credentials[Scheme.Length..] : "";
        var bytes = new byte[encoded.Length];
        if (encoded.Length == 0 || !Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        (user, password) = colon < 0 ? ("", "") : (text[..colon], text[(colon + 1)..]);
        return user.Length > 0;
    }
}
