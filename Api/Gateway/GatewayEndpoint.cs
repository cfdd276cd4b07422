using System.IO.Pipelines;
using System.Net.WebSockets;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Http;
using Krewe.Api.Security;
using Microsoft.AspNetCore.Http;

namespace Krewe.Api.Gateway;

/// <summary>The JSON gateway: the RPCs as POST requests, or as WebSockets on the same paths (behaviours 322 to 339).</summary>
/// <param name="root">The first part of its paths.</param>
/// <param name="routes">The paths.</param>
/// <param name="server">Serves the RPCs.</param>
/// <param name="guard">Whether auth is on.</param>
/// <param name="options">The largest request.</param>
internal sealed class GatewayEndpoint(string root, GatewayRoutes routes, GrpcServer server, AuthGuard guard, ApiOptions options) : IHttpEndpoint
{
    /// <summary>Base64 makes three bytes four, and the field names are text: a message of the largest size fits.</summary>
    private const int JsonBytesPerMessageByte = 2;

    /// <summary>etcd's sentence (behaviour 231): its gateway would act with the gateway's own certificate.</summary>
    private const string CommonNameRefused =
        "CommonName of client sending a request against gateway will be ignored and not used as expected";

    public string Path => root;

    public bool HasSubPaths => true;

    public bool OnMetricsListeners => false;

    public bool GetOnly => false;

    public Task HandleAsync(HttpContext http)
    {
        if (options.ClientCertAuth && guard.View.Enabled && http.Features.Get<IClientCertificateIdentity>() is { CommonName.Length: > 0 })
        {
            return HttpText.WriteErrorAsync(http, StatusCodes.Status400BadRequest, CommonNameRefused);
        }

        if (!routes.TryFind(http.Request.Path.Value ?? "", out var route))
        {
            return RefuseAsync(http, StatusCodes.Status404NotFound, new(StatusCode.NotFound, "Not Found"));
        }

        if (http.WebSockets.IsWebSocketRequest)
        {
            return HandleWebSocketAsync(http, route);
        }

        return HttpMethods.IsPost(http.Request.Method)
            ? RunAsync(http, route, http.Request.BodyReader, new HttpGatewaySink(http.Response), http.RequestAborted)
            : RefuseAsync(http, StatusCodes.Status501NotImplemented, new(StatusCode.Unimplemented, "Method Not Allowed"));
    }

    private static Task RefuseAsync(HttpContext http, int httpStatus, GrpcStatus status) =>
        new HttpGatewaySink(http.Response).WriteAsync(httpStatus, GatewayError.Body(status), endsLine: false, http.RequestAborted).AsTask();

    private async Task HandleWebSocketAsync(HttpContext http, GatewayRoute route)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync(GatewayMetadata.SubprotocolFor(http.Request.Headers));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var body = new Pipe();
        var receiving = ReceiveAsync(socket, body.Writer, route, gone);
        await RunAsync(http, route, body.Reader, new WebSocketGatewaySink(socket), gone.Token);
        await body.Reader.CompleteAsync();
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
        }

        await gone.CancelAsync();
        await receiving;
    }

    /// <summary>A client that closes its socket ends a stream: nobody reads its answers.</summary>
    private static async Task ReceiveAsync(WebSocket socket, PipeWriter body, GatewayRoute route, CancellationTokenSource gone)
    {
        await WebSocketInput.CopyAsync(socket, body, gone.Token);
        if (route.StreamsResponses)
        {
            await gone.CancelAsync();
        }
    }

    private async Task RunAsync(HttpContext http, GatewayRoute route, PipeReader body, IGatewaySink sink, CancellationToken cancellationToken)
    {
        var requests = new JsonMessageReader(body, (int)Math.Min(int.MaxValue, (long)options.MaxReceiveBytes * JsonBytesPerMessageByte));
        var call = new LoopbackCall(
            GatewayMetadata.From(http.Request.Headers, http.WebSockets.IsWebSocketRequest), http.Connection.RemoteIpAddress, cancellationToken);
        try
        {
            await new GatewayExchange(route, call, requests, sink).RunAsync(server, cancellationToken);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException or WebSocketException)
        {
            // The client is gone: there is nobody to tell.
        }
    }
}
