using System.Text;
using Krewe.Conformance.Clients;
using Krewe.Conformance.Engine;
using Krewe.Testing.Certificates;

namespace Krewe.Conformance.Tls;

/// <summary>Users by the common name of their certificate.</summary>
public sealed class CommonNameTests
{
    [Theory(DisplayName = "B230 B231 the common name of a certificate is the user, but not through the JSON gateway")]
    [InlineData(ServerKind.Etcd)]
    [InlineData(ServerKind.Krewe)]
    public async Task The_common_name_is_the_user(ServerKind kind)
    {
        using var files = new CertificateFolder();
        foreach (var name in new[] { "root", "nobody" })
        {
            files.Issue(name, new CertificateWish { CommonName = name, ExtendedUsages = [CertificateWish.ClientAuth] });
        }

        var alice = files.Issue("alice", new CertificateWish { CommonName = "alice", ExtendedUsages = [CertificateWish.ClientAuth] });
        await using var server = await ServerProcess.StartAsync(new ServerOptions(
            kind, Flags: files.ServerFlags, UnsafeNoFsync: true, Tls: new ServerTls(files.Connect(files.Client))));
        foreach (var command in new[]
        {
            "user add root:pw", "user grant-role root root", "user add alice --no-password", "role add some", "role grant-permission some readwrite a",
            "user grant-role alice some", "auth enable",
        })
        {
            Assert.Equal((command, 0), (command, await RunAsync(files, server, "client", command)));
        }

        Assert.Equal(0, await RunAsync(files, server, "alice", "put a 1"));
        Assert.Equal(1, await RunAsync(files, server, "alice", "put b 1"));
        Assert.Equal(0, await RunAsync(files, server, "root", "put b 1"));
        Assert.Equal(1, await RunAsync(files, server, "nobody", "put a 1"));

        // A token wins over the certificate.
        Assert.Equal(0, await RunAsync(files, server, "alice", "--user=root:pw put b 2"));

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = files.Connect(alice) });
        using var body = new StringContent("{\"key\":\"YQ==\"}", Encoding.UTF8);
        using var response = await http.PostAsync(new Uri($"{server.ClientUrl}/v3/kv/range"), body);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            "CommonName of client sending a request against gateway will be ignored and not used as expected\n",
            await response.Content.ReadAsStringAsync());
    }

    private static async Task<int> RunAsync(CertificateFolder files, ServerProcess server, string name, string command)
    {
        string[] connection = [$"--endpoints={server.ClientUrl}", $"--cacert={files.CaFile}", $"--cert={files.In(name + ".crt")}", $"--key={files.In(name + ".key")}"];
        return (await Command.RunAsync(PeerPaths.Etcdctl, [.. connection, .. command.Split(' ')])).ExitCode;
    }
}
