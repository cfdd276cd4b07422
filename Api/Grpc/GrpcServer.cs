using System.Collections.Frozen;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Mapping;
using Krewe.Api.Security;
using Krewe.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Grpc;

/// <summary>
/// Finds the RPC that an HTTP/2 request names and runs it. It stands where a general gRPC server would stand: etcd's exact texts for
/// oversize, unknown and late requests, and its cost per call, ask for hands on the frames.
/// </summary>
internal sealed partial class GrpcServer
{
    private readonly FrozenDictionary<string, GrpcMethod> _methods;
    private readonly FrozenSet<string> _services;
    private readonly GrpcGate _gate;
    private readonly AuthGuard _auth;
    private readonly AuditLog _audit;
    private readonly int _maxReceiveBytes;
    private readonly TimeSpan _warningDuration;
    private readonly bool _passReflection;
    private readonly ILogger _logger;

    public GrpcServer(GrpcMethodTable table, GrpcGate gate, AuthGuard auth, AuditLog audit, ApiOptions options, ILogger<GrpcServer> logger)
    {
        _methods = table.Methods.ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);
        _services = table.Methods.Select(m => m.Service).ToFrozenSet(StringComparer.Ordinal);
        _gate = gate;
        _auth = auth;
        _audit = audit;
        _maxReceiveBytes = options.MaxReceiveBytes;
        _warningDuration = options.WarningUnaryRequestDuration;
        _passReflection = options.EnableReflection;
        _logger = logger;
    }

    /// <summary>Serves a request; one for the reflection service passes on.</summary>
    public Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsGrpc(http.Request))
        {
            return RefuseContentType(http);
        }

        var path = http.Request.Path.Value ?? "";
        if (_methods.TryGetValue(path, out var method))
        {
            http.Response.ContentType = "application/grpc";
            return RunAsync(http, method);
        }

        return _passReflection && path.StartsWith(EtcdReflection.PathPrefix, StringComparison.Ordinal)
            ? next(http)
            : RefusePath(http, path);
    }

    private static bool IsGrpc(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    private static Task RefuseContentType(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        http.Response.ContentType = "application/grpc";
        Refuse(http, new(StatusCode.InvalidArgument, $"invalid gRPC request content-type \"{http.Request.ContentType}\""));
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext http, in GrpcStatus status)
    {
        http.Response.Headers["grpc-status"] = GrpcStatusText.Of(status.Code);
        http.Response.Headers["grpc-message"] = GrpcMessageText.Encode(status.Message!);
    }

    // Behaviour 346: the text tells a missing method from a missing service.
    private Task RefusePath(HttpContext http, string path)
    {
        http.Response.ContentType = "application/grpc";
        var slash = path.LastIndexOf('/');
        var service = slash > 0 ? path[1..slash] : "";
        var text = slash <= 0
            ? $"malformed method name: \"{path}\""
            : _services.Contains(service) ? $"unknown method {path[(slash + 1)..]} for service {service}" : $"unknown service {service}";
        Refuse(http, new(StatusCode.Unimplemented, text));
        return Task.CompletedTask;
    }

    /// <summary>Serves one call of a method, from the wire or from the JSON gateway, to its end.</summary>
    public async Task RunAsync(HttpContext http, GrpcMethod method)
    {
        var started = Stopwatch.GetTimestamp();
        method.Counters.Started();
        using var call = new GrpcCall(http, method, _maxReceiveBytes) { Guard = _auth };
        var status = await InvokeAsync(call);
        call.ReleaseRequest();
        call.Finish(status);
        method.Counters.Handled(status.Code);
        if (_audit.IsEnabled)
        {
            _audit.Record(call, status);
        }

        Observe(method, Stopwatch.GetElapsedTime(started), status);
        await call.LeaveAsync();
    }

    private async ValueTask<GrpcStatus> InvokeAsync(GrpcCall call)
    {
        if (!_gate.TryEnter(call, out var refusal))
        {
            return refusal;
        }

        try
        {
            return await call.Method.InvokeAsync(call);
        }
        catch (EtcdException e)
        {
            return ErrorMapping.ToStatus(e.Error);
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            return EndOf(call);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
        {
            return new GrpcStatus(StatusCode.Internal, $"grpc: error unmarshalling request: {e.Message}");
        }
        catch (Exception e) when (e is IOException || call.CancellationToken.IsCancellationRequested)
        {
            // A broken connection surfaces as an I/O error of the request body, now and then before the token of the request fires.
            LogAborted(e, call.Method.Path);
            return EndOf(call);
        }
        catch (Exception e)
        {
            LogFailed(e, call.Method.Path);
            return new GrpcStatus(StatusCode.Internal, "internal error");
        }
    }

    private static GrpcStatus EndOf(GrpcCall call)
    {
        if (call.RequiresLeader.IsCancellationRequested)
        {
            return ErrorMapping.ToStatus(EtcdError.NoLeader);
        }

        return call.DeadlinePassed ? GrpcStatus.DeadlineExceeded : GrpcStatus.Canceled;
    }

    private void Observe(GrpcMethod method, TimeSpan elapsed, in GrpcStatus status)
    {
        method.Counters.ObserveSeconds?.Invoke(elapsed.TotalSeconds);
        if (method.Kind == GrpcMethodKind.Unary && _warningDuration > TimeSpan.Zero && elapsed > _warningDuration)
        {
            LogSlow(method.Path, elapsed, _warningDuration, GrpcStatusText.Name(status.Code));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "request took too long: {Method} {Took} (expected {ExpectedDuration}), {GrpcCode}")]
    private partial void LogSlow(string method, TimeSpan took, TimeSpan expectedDuration, string grpcCode);

    [LoggerMessage(Level = LogLevel.Debug, Message = "RPC aborted by its client: {Method}")]
    private partial void LogAborted(Exception exception, string method);

    [LoggerMessage(Level = LogLevel.Error, Message = "RPC failed unexpectedly: {Method}")]
    private partial void LogFailed(Exception exception, string method);
}
