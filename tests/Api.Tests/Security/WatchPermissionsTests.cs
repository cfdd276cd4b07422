using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Security;
using Krewe.Api.Services.Watch;
using Krewe.Api.Tests.Fakes;
using Krewe.Api.Tests.Hosting;
using Krewe.Api.Tests.Services;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Tests.Security;

public sealed class WatchPermissionsTests
{
    [Fact]
    public async Task A_gateway_whose_members_can_not_be_asked_ends_the_stream_and_refuses_nobody()
    {
        using var log = new RecordingLoggerProvider(LogLevel.Information);
        await using var host = await GatewayAsync(log, static () => throw new EtcdException(EtcdError.TimeoutDueToConnectionLost));
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = ByteString.CopyFromUtf8("k") });

        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: request timed out, possibly due to connection lost", watch.NextAsync);

        Assert.DoesNotContain(log.Lines, static line => line.Contains("key=k", StringComparison.Ordinal));
        await Eventually.AreEqualAsync(0, () => Task.FromResult(host.Watches.OpenStreams));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_members_judge_is_a_refusal_behaviour_152(bool isThrown)
    {
        using var log = new RecordingLoggerProvider(LogLevel.Information);
        await using var host = await GatewayAsync(
            log, () => isThrown ? throw new EtcdException(EtcdError.InvalidAuthToken) : EtcdError.PermissionDenied);
        await using var watch = new WatchProbe(host);
        await watch.CreateAsync(new WatchCreateRequest { Key = ByteString.CopyFromUtf8("k") });

        var answer = await watch.NextAsync();

        Assert.True(answer.Canceled);
        var reason = isThrown ? "invalid auth token" : "permission denied";
        Assert.Contains(reason, answer.CancelReason, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("key=k", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sweep_that_meets_a_request_that_is_over_still_names_the_client()
    {
        using var log = new RecordingLoggerProvider(LogLevel.Information);
        using var loggers = new LoggerFactory([log]);
        var options = new ApiOptions { AuditLog = true };
        var auth = new FakeAuth();
        auth.Set(v => v with { Enabled = true, Readable = new() { ["reader"] = "k" } });
        auth.AddToken("reader-token", "reader");
        var http = new DefaultHttpContext();
        http.Request.Headers["token"] = "reader-token";
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        using var call = new GrpcCall(http, new StreamMethod("s", "Watch", GrpcMethodKind.BidiStream, _ => new(GrpcStatus.Ok)), options.MaxReceiveBytes);
        var status = new FakeStatus();
        await using var stream = new FakeWatchStream(new FakeWatchHub(status, new FakeKeyspace(status)), status);
        var watchers = new WatcherTable();
        var permissions = new WatchPermissions(call, stream, watchers, new AuthGuard(auth, options), new AuditLog(options, loggers));
        var rights = new WatcherRights("k"u8.ToArray(), default);
        watchers.Add(1, new WatcherState { Rights = rights });
        Assert.Null(await permissions.CheckAsync(rights.Key, rights.RangeEnd, rights));

        http.Uninitialize();
        auth.Set(v => v with { Revision = v.Revision + 1, Readable = [] });
        permissions.Sweep();

        Assert.True(rights.IsDenied);
        Assert.Contains("by reader from 192.0.2.7: key=k", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private static Task<ApiHost> GatewayAsync(RecordingLoggerProvider log, Func<EtcdError> judge) => ApiHost.StartAsync(
        new ApiOptions { AuditLog = true }, null, log, tls: null, services => services.AddSingleton<IRemoteRpcs>(new FakeRemoteRpcs(judge)));
}
