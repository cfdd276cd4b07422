using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Grpc;

namespace Krewe.Api.Gateway;

/// <summary>One call of the gateway: JSON in, an RPC inside, JSON out.</summary>
internal sealed class GatewayExchange(GatewayRoute route, LoopbackCall call, JsonMessageReader requests, IGatewaySink sink)
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    // Proto names, defaults left out (behaviours 324, 325).
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public async Task RunAsync(GrpcServer server, CancellationToken cancellationToken)
    {
        // An empty body equals {} (behaviour 326).
        var (first, refusal) = await ReadRequestAsync(cancellationToken);
        if (!refusal.IsOk)
        {
            await FailAsync(refusal, cancellationToken);
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = call.RunAsync(server, route.Method);
        var sending = SendAllAsync(first ?? route.Request.Parser.ParseFrom([]), over.Token);
        try
        {
            var isWhole = await AnswerAsync(cancellationToken);
            var status = await serving;
            if (!status.IsOk || !isWhole)
            {
                await FailAsync(status.IsOk ? new(StatusCode.Internal, "the call ended without an answer") : status, cancellationToken);
            }
        }
        finally
        {
            await call.EndResponsesAsync();
            await over.CancelAsync();
            await sending;
        }
    }

    /// <summary>Writes what the RPC answers; false if it owes an answer.</summary>
    private async Task<bool> AnswerAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (await call.ReadAsync(route.Response, cancellationToken) is { } response)
        {
            count++;
            var json = Formatter.Format(response);
            var text = route.StreamsResponses ? $"{{\"result\":{json}}}" : json;
            await sink.WriteAsync(GatewayError.HttpStatus(StatusCode.OK), Encoding.UTF8.GetBytes(text), route.StreamsResponses, cancellationToken);
        }

        return count > 0 || route.StreamsResponses;
    }

    private async Task SendAllAsync(IMessage first, CancellationToken cancellationToken)
    {
        try
        {
            IMessage? request = first;
            while (request is not null && await call.SendAsync(request, cancellationToken) && route.StreamsRequests)
            {
                // What can't be read ends the requests, not the answers.
                (request, _) = await ReadRequestAsync(cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client is gone, or the call is over.
        }
        finally
        {
            await call.EndRequestsAsync();
        }
    }

    private async ValueTask<(IMessage? Request, GrpcStatus Refusal)> ReadRequestAsync(CancellationToken cancellationToken)
    {
        try
        {
            var json = await requests.ReadAsync(cancellationToken);
            return (json is null ? null : Parser.Parse(json, route.Request), GrpcStatus.Ok);
        }
        catch (JsonTooLargeException e)
        {
            return (null, new GrpcStatus(StatusCode.ResourceExhausted, e.Message));
        }
        catch (Exception e) when (e is JsonException or InvalidJsonException or InvalidProtocolBufferException)
        {
            return (null, new GrpcStatus(StatusCode.InvalidArgument, e.Message));
        }
    }

    private ValueTask FailAsync(in GrpcStatus status, CancellationToken cancellationToken)
    {
        var body = GatewayError.Body(status);
        return sink.WriteAsync(
            GatewayError.HttpStatus(status.Code),
            route.StreamsResponses ? [.. "{\"error\":"u8, .. body, (byte)'}'] : body,
            route.StreamsResponses,
            cancellationToken);
    }
}
