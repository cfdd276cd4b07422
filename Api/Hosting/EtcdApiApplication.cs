using Krewe.Api.Grpc;
using Krewe.Api.Hosting.Transport;
using Krewe.Api.Http;
using Krewe.Api.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Krewe.Api.Hosting;

/// <summary>Puts the etcd face into the request pipeline.</summary>
public static class EtcdApiApplication
{
    /// <summary>
    /// Serves requests of the listeners that <c>ConfigureEtcdListeners</c> opened, ahead of routing: an RPC is found by one look-up
    /// of its path. Requests of other listeners pass on.
    /// </summary>
    public static WebApplication MapEtcdApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var grpc = app.Services.GetRequiredService<GrpcServer>();
        var http = app.Services.GetRequiredService<HttpDispatcher>();
        app.Services.GetRequiredService<MetricsBinder>().Bind();
        app.UseWebSockets();
        app.Use(next => context => Dispatch(context, grpc, http, next));
        app.UseRouting();
        if (app.Services.GetRequiredService<ApiOptions>().EnableReflection)
        {
            EtcdReflection.Map(app);
        }

        return app;
    }

    private static Task Dispatch(HttpContext context, GrpcServer grpc, HttpDispatcher http, RequestDelegate next)
    {
        var listener = context.Features.Get<ListenerFeature>();
        if (listener is null)
        {
            return next(context);
        }

        return listener.Role == ListenerRole.Client && IsForGrpc(context.Request)
            ? grpc.HandleAsync(context, next)
            : http.HandleAsync(context, listener.Role);
    }

    /// <summary>Without TLS HTTP/2 is for gRPC alone. With TLS browsers and others use it for everything, so the content type decides.</summary>
    private static bool IsForGrpc(HttpRequest request) => HttpProtocol.IsHttp2(request.Protocol)
        && (!request.IsHttps || request.ContentType?.Contains("application/grpc", StringComparison.Ordinal) == true);
}
