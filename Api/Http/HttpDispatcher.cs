using Krewe.Api.Hosting;
using Krewe.Api.Hosting.Transport;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Http;

/// <summary>Finds the endpoint of an HTTP request; guards client listeners with CORS headers and the host list.</summary>
internal sealed class HttpDispatcher
{
    private readonly IHttpEndpoint[] _endpoints;
    private readonly HashSet<string> _corsOrigins;
    private readonly HashSet<string> _hosts;

    public HttpDispatcher(IEnumerable<IHttpEndpoint> endpoints, ApiOptions options)
    {
        _endpoints = [.. endpoints];
        _corsOrigins = new HashSet<string>(options.CorsOrigins, StringComparer.Ordinal);
        _hosts = new HashSet<string>(options.HostWhitelist, StringComparer.Ordinal);
    }

    public Task HandleAsync(HttpContext http, ListenerRole role) =>
        role == ListenerRole.Client ? HandleClientAsync(http) : RouteAsync(http, role);

    private Task HandleClientAsync(HttpContext http)
    {
        // Over TLS the certificate says whom the client wanted (behaviour 319).
        if (!http.Request.IsHttps && !IsHostAllowed(http))
        {
            return HttpText.WriteErrorAsync(http, StatusCodes.Status421MisdirectedRequest, UnknownHost(http.Request.Host.Host));
        }

        AddCorsHeaders(http);
        return HttpMethods.IsOptions(http.Request.Method) ? Task.CompletedTask : RouteAsync(http, ListenerRole.Client);
    }

    private static string UnknownHost(string host) =>
        $"Krewe does not serve the host name \"{host}\" on plain HTTP, as a guard against DNS rebinding. "
        + $"Use TLS, or allow the name with --host-whitelist \"{host}\".";

    private bool IsHostAllowed(HttpContext http) => _hosts.Contains("*") || _hosts.Contains(http.Request.Host.Host);

    // Behaviour 318.
    private void AddCorsHeaders(HttpContext http)
    {
        var origin = _corsOrigins.Contains("*") ? "*" : http.Request.Headers.Origin.ToString();
        if (origin != "*" && !_corsOrigins.Contains(origin))
        {
            return;
        }

        var headers = http.Response.Headers;
        headers.AccessControlAllowMethods = "POST, GET, OPTIONS, PUT, DELETE";
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowHeaders = "accept, content-type, authorization";
    }

    private Task RouteAsync(HttpContext http, ListenerRole role)
    {
        var path = http.Request.Path.Value ?? "";
        foreach (var endpoint in _endpoints)
        {
            if (Matches(endpoint, path) && (role == ListenerRole.Client || endpoint.OnMetricsListeners))
            {
                return endpoint.GetOnly && !HttpMethods.IsGet(http.Request.Method)
                    ? HttpText.MethodNotAllowedAsync(http)
                    : endpoint.HandleAsync(http);
            }
        }

        return HttpText.NotFoundAsync(http);
    }

    private static bool Matches(IHttpEndpoint endpoint, string path) =>
        path.StartsWith(endpoint.Path, StringComparison.Ordinal)
        && (path.Length == endpoint.Path.Length || (endpoint.HasSubPaths && path[endpoint.Path.Length] == '/'));
}
