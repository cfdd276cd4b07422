using System.Text;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;
using Krewe.Api.Tests.Hosting;
using Krewe.Api.Tests.Services;
using Microsoft.Extensions.Logging;
using static Krewe.Api.Tests.Security.GuardedHost;

namespace Krewe.Api.Tests.Security;

/// <summary>What the audit log tells of calls while auth is on.</summary>
public sealed class AuditLogTests
{
    private const string Denied = "etcdserver: permission denied";

    [Fact]
    public async Task Changes_and_denials_are_logged_when_asked_for()
    {
        var log = new RecordingLoggerProvider(LogLevel.Information);
        await using var host = await StartAsync(new ApiOptions { AuditLog = true }, log);
        await PutAsync(host, "k\n", As("both"));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => PutAsync(host, "x", As("reader")));
        await RangeAsync(host, "k", As("reader"));
        await CallAsync<AuthUserAddRequest, AuthUserAddResponse>(host, "etcdserverpb.Auth", "UserAdd", new() { Name = "n", Password = "secret" }, "root");

        var lines = await LinesAsync(log, 3);
        Assert.Contains("audit: /etcdserverpb.KV/Put by both from 127.0.0.1: key=k\\x0a: OK", lines[0], StringComparison.Ordinal);
        Assert.Contains($"audit: denied /etcdserverpb.KV/Put by reader from 127.0.0.1: key=x: {Denied}", lines[1], StringComparison.Ordinal);
        Assert.Contains("audit: /etcdserverpb.Auth/UserAdd by root from 127.0.0.1: user=n: OK", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, l => l.Contains("secret", StringComparison.Ordinal));
    }

    /// <summary>Their codes are Unknown, whatever the error is.</summary>
    [Fact]
    public async Task Denials_of_Lock_and_Election_are_logged_as_such_behaviour_297()
    {
        var log = new RecordingLoggerProvider(LogLevel.Information);
        await using var host = await StartAsync(new ApiOptions { AuditLog = true }, log);
        await EtcdClient.ExpectAsync(
            StatusCode.Unknown, Denied, () => CallAsync<LockRequest, LockResponse>(host, "v3lockpb.Lock", "Lock", new() { Name = Key("x"), Lease = 7 }, "writer"));
        await EtcdClient.ExpectAsync(
            StatusCode.Unknown,
            Denied,
            () => CallAsync<CampaignRequest, CampaignResponse>(host, "v3electionpb.Election", "Campaign", new() { Name = Key("x"), Lease = 7 }, "writer"));

        var lines = await LinesAsync(log, 2);
        Assert.Contains($"audit: denied /v3lockpb.Lock/Lock by writer from 127.0.0.1: name=x lease=7: {Denied}", lines[0], StringComparison.Ordinal);
        Assert.Contains($"audit: denied /v3electionpb.Election/Campaign by writer from 127.0.0.1: name=x lease=7: {Denied}", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_through_the_JSON_gateway_come_with_their_clients_address()
    {
        var log = new RecordingLoggerProvider(LogLevel.Information);
        await using var host = await StartAsync(new ApiOptions { AuditLog = true }, log);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/kv/put") { Content = new StringContent("""{"key":"aw=="}""", Encoding.UTF8) };
        request.Headers.TryAddWithoutValidation("Authorization", "both-token");
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("audit: /etcdserverpb.KV/Put by both from 127.0.0.1: key=k: OK", (await LinesAsync(log, 1))[0], StringComparison.Ordinal);
    }

    private static async Task<string[]> LinesAsync(RecordingLoggerProvider log, int count)
    {
        string[] Audit() => [.. log.Lines.Where(l => l.StartsWith("audit:", StringComparison.Ordinal))];
        await Eventually.AreEqualAsync(count, () => Task.FromResult(Audit().Length));
        return Audit();
    }
}
