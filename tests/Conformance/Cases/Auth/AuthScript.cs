using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Auth;
using Krewe.Api.Protos.Etcd;
using Krewe.Conformance.Engine;
using AuthClient = Krewe.Api.Protos.Etcd.Auth.AuthClient;

namespace Krewe.Conformance.Cases.Auth;

/// <summary>Short forms for scripts about users and roles. Steps that only set up do not record their answers.</summary>
internal sealed class AuthScript(CaseRun c)
{
    /// <summary>Cheap hashes, so that scripts with many passwords stay quick.</summary>
    public static readonly string[] Flags = ["--bcrypt-cost=4"];

    public AuthClient Client { get; } = new(c.Target.Channel);

    /// <summary>User root with role root and auth on; users alice (r1: reads a..c, writes b..d) and bob (no role).</summary>
    public async Task EnableAsync()
    {
        await AddUserAsync("root", "root");
        await Client.UserGrantRoleAsync(new() { User = "root", Role = "root" });
        await AddUserAsync("alice", "alice");
        await AddUserAsync("bob", "bob");
        await Client.RoleAddAsync(new() { Name = "r1" });
        await GrantAsync("r1", Permission.Types.Type.Read, "a", "c");
        await GrantAsync("r1", Permission.Types.Type.Write, "b", "d");
        await Client.UserGrantRoleAsync(new() { User = "alice", Role = "r1" });
        await Client.AuthEnableAsync(new());
    }

    public async Task AddUserAsync(string name, string password) => await Client.UserAddAsync(new() { Name = name, Password = password });

    public async Task GrantAsync(string role, Permission.Types.Type type, string key, string end = "", Metadata? headers = null) =>
        await Client.RoleGrantPermissionAsync(new() { Name = role, Perm = Perm(type, key, end) }, headers);

    public static Permission Perm(Permission.Types.Type type, string key, string end = "") =>
        new() { PermType = type, Key = Requests.Utf8(key), RangeEnd = Requests.Utf8(end) };

    /// <summary>Metadata with a fresh token; the password is the name.</summary>
    public async Task<Metadata> AsAsync(string user, string? password = null) => With(await TokenAsync(user, password));

    public async Task<string> TokenAsync(string user, string? password = null) =>
        (await Client.AuthenticateAsync(new() { Name = user, Password = password ?? user })).Token;

    public static Metadata With(string token) => new() { { "token", token } };

    /// <summary>Records how an Authenticate ended; a token only by its form.</summary>
    public async Task AuthenticateAsync(string label, string user, string password)
    {
        try
        {
            var answer = await Client.AuthenticateAsync(new() { Name = user, Password = password }, deadline: CaseRun.Deadline());
            c.Record(label, $"token, header {c.Canon.Write(answer.Header)}");
        }
        catch (RpcException e)
        {
            c.RecordError(label, e.Status);
        }
    }

    /// <summary>Records the answer of a call on the Auth service.</summary>
    public Task<T?> Do<T>(string label, Func<AuthClient, CallOptions, AsyncUnaryCall<T>> call, Metadata? headers = null)
        where T : class, IMessage => c.Do(label, call(Client, new CallOptions(headers, CaseRun.Deadline())));

    public Task Put(string label, PutRequest request, Metadata? headers) => c.Do(label, c.Target.Kv.PutAsync(request, headers, CaseRun.Deadline()));

    public Task Range(string label, RangeRequest request, Metadata? headers) => c.Do(label, c.Target.Kv.RangeAsync(request, headers, CaseRun.Deadline()));

    public Task Delete(string label, DeleteRangeRequest request, Metadata? headers) =>
        c.Do(label, c.Target.Kv.DeleteRangeAsync(request, headers, CaseRun.Deadline()));

    public Task Txn(string label, TxnRequest request, Metadata? headers) => c.Do(label, c.Target.Kv.TxnAsync(request, headers, CaseRun.Deadline()));

    /// <summary>Records an HTTP/JSON call of the gateway.</summary>
    public static string Quoted(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
