using System.Net;
using Krewe.Api.Grpc;
using Krewe.Api.Hosting;
using Krewe.Api.Security;
using Krewe.Api.Services.Watch;
using Krewe.Api.Tests.Fakes;
using Krewe.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Krewe.Api.Tests.Security;

public sealed class WatchPermissionsTests
{
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
}
