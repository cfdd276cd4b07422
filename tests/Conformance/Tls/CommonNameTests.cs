using System.Text;
using Grpc.Core;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Cases.Auth;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>Users by the common names of certificates, on etcd and on Krewe.</summary>
public sealed class CommonNameTests
{
    [Fact(DisplayName = "B198 B230 B231 B232 the common name of a certificate is the user")]
    public async Task The_common_name_is_the_user()
    {
        using var files = new CertificateFolder();
        var etcd = await AnswersAsync(ServerKind.Etcd, files);
        var krewe = await AnswersAsync(ServerKind.Krewe, files);

        Assert.Equal(etcd, krewe);
    }

    private static async Task<List<string>> AnswersAsync(ServerKind kind, CertificateFolder files)
    {
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind, Flags: [.. files.ServerFlags, .. AuthScript.Flags], UnsafeNoFsync: true, Tls: new ServerTls(files.Connect(files.Client))));
        await using var run = await CaseRun.BeginAsync(server, clean: false);
        var auth = new AuthScript(run);
        await auth.EnableAsync();
        var root = await auth.AsAsync("root");
        await auth.Client.UserAddAsync(new() { Name = "carol", Options = new UserAddOptions { NoPassword = true } }, root);
        await auth.Client.UserGrantRoleAsync(new() { User = "carol", Role = "r1" }, root);
        var lines = new List<string>();
        foreach (var name in new[] { "alice", "carol", "bob", "root", "stranger", "" })
        {
            var certificate = files.Authority.Issue(new CertificateWish { CommonName = name });
            using var channel = server.Target.NewChannel(files.Connect(certificate));
            var kv = new KV.KVClient(channel);
            lines.Add($"{name} allowed: {await TryAsync(() => kv.PutAsync(Requests.Put("b"), deadline: CaseRun.Deadline()))}");
            lines.Add($"{name} denied: {await TryAsync(() => kv.PutAsync(Requests.Put("a"), deadline: CaseRun.Deadline()))}");
            lines.Add($"{name} read: {await TryAsync(() => kv.RangeAsync(Requests.Range("a"), deadline: CaseRun.Deadline()))}");
            lines.Add($"{name} admin: {await TryAsync(() => new Api.Protos.Etcd.Auth.AuthClient(channel).UserListAsync(new(), deadline: CaseRun.Deadline()))}");
            lines.Add($"{name} with a token: {await TryAsync(() => kv.PutAsync(Requests.Put("a"), root, CaseRun.Deadline()))}");
            lines.Add($"{name} with a bad token: {await TryAsync(() => kv.PutAsync(Requests.Put("b"), AuthScript.With("bad"), CaseRun.Deadline()))}");
            lines.Add($"{name} gateway: {await PostAsync(server, files, certificate, null)}");
            lines.Add($"{name} gateway with a token: {await PostAsync(server, files, certificate, root[0].Value)}");
        }

        await auth.Client.AuthDisableAsync(new(), root);
        lines.Add($"gateway with auth off: {await PostAsync(server, files, files.Client, null)}");
        return lines;
    }

    private static async Task<string> TryAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        try
        {
            await call();
            return "done";
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode} {e.Status.Detail}";
        }
    }

    /// <summary>Status, and the text of what is no JSON.</summary>
    private static async Task<string> PostAsync(ServerProcess server, CertificateFolder files, TestCertificate certificate, string? token)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(certificate) });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(server.ClientUrl), "/v3/kv/range"))
        {
            Content = new StringContent("{\"key\":\"YQ==\"}", Encoding.UTF8, "application/json"),
        };
        // Without it etcd does not see that the call came by its gateway, and takes the name of the gateway's own certificate.
        request.Headers.Accept.ParseAdd("application/json");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return $"{(int)answer.StatusCode} {(body.StartsWith('{') ? "json" : body)}";
    }
}
