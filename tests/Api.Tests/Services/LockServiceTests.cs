using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Protos.Lock;
using Krewe.Api.Tests.Hosting;
using Krewe.Grains.Interfaces.Errors;

namespace Krewe.Api.Tests.Services;

public sealed class LockServiceTests
{
    private const string Service = "v3lockpb.Lock";

    [Fact]
    public async Task A_free_lock_is_a_key_of_name_and_lease_behaviours_290_292_293()
    {
        await using var host = await ApiHost.StartAsync();

        var held = await Lock(host, "mine", 0x1f);
        var again = await Lock(host, "mine", 0x1f);
        var negative = await Lock(host, "other", -2);
        var granted = await Lock(host, "third", 0);

        Assert.Equal("mine/1f", held.Key.ToStringUtf8());
        Assert.Equal((held.Key, 2L, 2L), (again.Key, held.Header.Revision, again.Header.Revision));
        Assert.Equal(("other/-2", "third/1267"), (negative.Key.ToStringUtf8(), granted.Key.ToStringUtf8()));
        var kv = Assert.Single((await host.Client.RangeAsync(new RangeRequest { Key = held.Key })).Kvs);
        Assert.Equal(("", 0x1fL), (kv.Value.ToStringUtf8(), kv.Lease));
    }

    [Fact]
    public async Task Waiters_get_the_lock_one_after_the_other_behaviour_291()
    {
        await using var host = await ApiHost.StartAsync();
        var first = await Lock(host, "mine", 1);
        var second = Lock(host, "mine", 2);
        await ExistsAsync(host, "mine/2");
        var third = Lock(host, "mine", 3);
        await ExistsAsync(host, "mine/3");
        Assert.False(second.IsCompleted);

        await UnlockAsync(host, first.Key);
        var secondHeld = await second;
        Assert.False(third.IsCompleted);
        await UnlockAsync(host, secondHeld.Key);

        Assert.Equal(("mine/2", "mine/3"), (secondHeld.Key.ToStringUtf8(), (await third).Key.ToStringUtf8()));
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_no_key_behaviour_294()
    {
        await using var host = await ApiHost.StartAsync();
        await Lock(host, "mine", 1);
        using var cancel = new CancellationTokenSource();
        var waiting = Lock(host, "mine", 2, cancel.Token);
        await ExistsAsync(host, "mine/2");

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await EtcdClient.StatusOf(() => waiting)).StatusCode);
        await Eventually.AreEqualAsync(0, async () => (await GetAsync(host, "mine/2")).Count);
        Assert.Equal(0, host.Watches.OpenStreams);
    }

    [Fact]
    public async Task A_waiter_whose_key_is_gone_fails_behaviour_295()
    {
        await using var host = await ApiHost.StartAsync();
        var first = await Lock(host, "mine", 1);
        var second = Lock(host, "mine", 2);
        await ExistsAsync(host, "mine/2");
        await UnlockAsync(host, ByteString.CopyFromUtf8("mine/2"));

        await UnlockAsync(host, first.Key);

        await EtcdClient.ExpectAsync(StatusCode.Unknown, "mutex: session is expired", () => second);
    }

    [Fact]
    public async Task Errors_lose_their_code_behaviours_296_297()
    {
        await using var host = await ApiHost.StartAsync();

        await UnlockAsync(host, ByteString.CopyFromUtf8("absent"));
        await EtcdClient.ExpectAsync(StatusCode.Unknown, "etcdserver: key is not provided", () => UnlockAsync(host, ByteString.Empty));
        host.Keyspace.Failure = EtcdError.LeaseNotFound;
        await EtcdClient.ExpectAsync(StatusCode.Unknown, "etcdserver: requested lease not found", () => Lock(host, "mine", 9));
    }

    [Fact]
    public async Task A_compacted_wait_fails_and_leaves_no_key()
    {
        await using var host = await ApiHost.StartAsync();
        await Lock(host, "mine", 1);
        host.Watches.CompactRevision = 100;

        await EtcdClient.ExpectAsync(
            StatusCode.Unknown, "etcdserver: mvcc: required revision has been compacted", () => Lock(host, "mine", 2));

        Assert.Empty(await GetAsync(host, "mine/2"));
    }

    [Fact]
    public async Task A_wait_ends_with_the_server()
    {
        await using var host = await ApiHost.StartAsync();
        await Lock(host, "mine", 1);
        var waiting = Lock(host, "mine", 2);
        await ExistsAsync(host, "mine/2");

        var stopped = host.StopAsync();

        await EtcdClient.ExpectAsync(StatusCode.Unavailable, "etcdserver: server stopped", () => waiting);
        await stopped;
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        await using var host = await ApiHost.StartAsync();

        await EtcdClient.ExpectAsync(
            StatusCode.Unknown, "etcdserver: request is too large", () => Lock(host, new string('x', 1024 * 1024), 1));
    }

    private static Task<LockResponse> Lock(ApiHost host, string name, long lease, CancellationToken cancellationToken = default) =>
        host.Client.CallAsync<LockRequest, LockResponse>(
            Service,
            "Lock",
            new LockRequest { Name = ByteString.CopyFromUtf8(name), Lease = lease },
            new CallOptions(cancellationToken: cancellationToken));

    private static Task<UnlockResponse> UnlockAsync(ApiHost host, ByteString key) =>
        host.Client.CallAsync<UnlockRequest, UnlockResponse>(Service, "Unlock", new UnlockRequest { Key = key });

    private static async Task<IReadOnlyList<Protos.Mvcc.KeyValue>> GetAsync(ApiHost host, string key) =>
        (await host.Client.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8(key) })).Kvs;

    private static Task ExistsAsync(ApiHost host, string key) =>
        Eventually.AreEqualAsync(1, async () => (await GetAsync(host, key)).Count);
}
