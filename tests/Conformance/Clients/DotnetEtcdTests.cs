using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Krewe.Conformance.Engine;

namespace Krewe.Conformance.Clients;

/// <summary>NuGet's dotnet-etcd (with its own generated types) against etcd and Krewe.</summary>
public sealed class DotnetEtcdTests
{
    [Fact(DisplayName = "dotnet-etcd: KV and transactions")]
    public Task Keys() => CompareAsync(async (client, say) =>
    {
        say("put", await client.PutAsync("a/1", "one"));
        say("put", await client.PutAsync("a/2", "two"));
        say("get", await client.GetAsync("a/1"));
        say("value", await client.GetValAsync("a/2"));
        say("absent", await client.GetValAsync("none"));
        say("range", string.Join(',', (await client.GetRangeValAsync("a/")).OrderBy(p => p.Key, StringComparer.Ordinal)));
        var txn = new TxnRequest();
        txn.Compare.Add(new Compare { Key = Bytes("a/1"), Target = Compare.Types.CompareTarget.Value, Result = Compare.Types.CompareResult.Equal, Value = Bytes("one") });
        txn.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = Bytes("t"), Value = Bytes("yes") } });
        txn.Failure.Add(new RequestOp { RequestPut = new PutRequest { Key = Bytes("t"), Value = Bytes("no") } });
        say("txn", await client.TransactionAsync(txn));
        say("delete", await client.DeleteAsync("a/1"));
        say("delete range", await client.DeleteRangeAsync("a/"));
        say("left", await client.GetRangeAsync(""));
    });

    [Fact(DisplayName = "dotnet-etcd: watches with chosen ids")]
    public Task Watches() => CompareAsync(async (client, say) =>
    {
        var seen = new List<string>();
        var done = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        await client.PutAsync("w/1", "before");
        var request = new WatchRequest { CreateRequest = new WatchCreateRequest { Key = Bytes("w/"), RangeEnd = Bytes("w0"), StartRevision = 2, PrevKv = true } };
        var id = await client.WatchAsync(request, (WatchResponse answer) =>
        {
            lock (seen)
            {
                seen.AddRange(answer.Events.Select(e => $"{e.Type} {e.Kv.Key.ToStringUtf8()}={e.Kv.Value.ToStringUtf8()} {e.Kv.Version} was {e.PrevKv?.Value.ToStringUtf8()}"));
                if (seen.Count == 4)
                {
                    done.TrySetResult();
                }
            }
        }, cancellationToken: stop.Token);
        await client.PutAsync("w/1", "live");
        await client.PutAsync("w/2", "other");
        await client.DeleteAsync("w/1");
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        say("events", string.Join('|', seen));
        client.CancelWatch(id);
        await stop.CancelAsync();
    });

    [Fact(DisplayName = "dotnet-etcd: leases, members and status")]
    public Task Leases() => CompareAsync(async (client, say) =>
    {
        say("grant", await client.LeaseGrantAsync(new LeaseGrantRequest { ID = 77, TTL = 600 }));
        await client.PutAsync(new PutRequest { Key = Bytes("l"), Value = Bytes("leased"), Lease = 77 });
        var left = await client.LeaseTimeToLiveAsync(new LeaseTimeToLiveRequest { ID = 77, Keys = true });
        say("left", $"{left.GrantedTTL} {left.TTL > 590} {string.Join(',', left.Keys.Select(k => k.ToStringUtf8()))}");
        var alive = new TaskCompletionSource<long>();
        using var stop = new CancellationTokenSource();
        var keeping = client.LeaseKeepAlive(
            new LeaseKeepAliveRequest { ID = 77 }, answer => alive.TrySetResult(answer.TTL), stop.Token);
        say("keepalive", await alive.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        await stop.CancelAsync();
        await Task.WhenAny(keeping, Task.Delay(1000));
        say("revoke", await client.LeaseRevokeAsync(new LeaseRevokeRequest { ID = 77 }));
        say("gone", await client.GetAsync("l"));
        say("members", string.Join(',', (await client.MemberListAsync(new MemberListRequest())).Members.Select(m => m.Name)));
        say("leader", (await client.StatusAsync(new StatusRequest())).Leader != 0);
    });

    [Fact(DisplayName = "dotnet-etcd: locks")]
    public async Task Locks()
    {
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        using var client = new EtcdClient(pair.Krewe.ClientUrl, configureChannelOptions: Insecure);
        var held = await client.LockAsync("mine", deadline: CaseRun.Deadline());
        Assert.StartsWith("mine/", held.Key.ToStringUtf8(), StringComparison.Ordinal);
        await client.UnlockAsync(held.Key.ToStringUtf8());
        var again = await client.LockAsync("mine", deadline: CaseRun.Deadline());
        Assert.NotEqual(held.Key, again.Key);
    }

    private static async Task CompareAsync(Func<EtcdClient, Action<string, object?>, Task> script)
    {
        await using var pair = await ServerPair.StartAsync(unsafeNoFsync: true);
        var etcd = await RunAsync(pair.Etcd, script);
        var krewe = await RunAsync(pair.Krewe, script);
        Assert.Empty(TranscriptDiff.Compare(etcd, krewe, []));
        Assert.NotEmpty(etcd);
    }

    private static async Task<List<TranscriptLine>> RunAsync(ServerProcess server, Func<EtcdClient, Action<string, object?>, Task> script)
    {
        var lines = new List<TranscriptLine>();
        var canon = new Canon(0);
        using var client = new EtcdClient(server.ClientUrl, configureChannelOptions: Insecure);
        await script(client, (label, value) => lines.Add(new(label, value is IMessage message ? Plain(message, canon) : $"{value}")));
        return lines;
    }

    /// <summary>The client has its own header type, so its ids and term are cleared rather than written as "set".</summary>
    private static string Plain(IMessage message, Canon canon)
    {
        var field = message.Descriptor.FindFieldByName("header");
        if (field?.Accessor.GetValue(message) is ResponseHeader header)
        {
            (header.ClusterId, header.MemberId, header.RaftTerm) = (0, 0, 0);
        }

        return canon.Write(message);
    }

    private static void Insecure(Grpc.Net.Client.GrpcChannelOptions options) => options.Credentials = ChannelCredentials.Insecure;

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);
}
