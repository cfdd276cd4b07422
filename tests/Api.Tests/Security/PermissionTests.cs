using Google.Protobuf;
using Grpc.Core;
using Krewe.Api.Hosting;
using Krewe.Api.Protos.Election;
using Krewe.Api.Protos.Etcd;
using Krewe.Api.Tests.Hosting;
using Krewe.Api.Tests.Services;
using Krewe.Grains.Interfaces.Errors;
using Microsoft.Extensions.Logging;
using static Krewe.Api.Tests.Security.GuardedHost;

namespace Krewe.Api.Tests.Security;

/// <summary>What the etcd face asks of its callers while auth is on.</summary>
public sealed class PermissionTests
{
    private const string Denied = "etcdserver: permission denied";
    private const string Empty = "etcdserver: user name is empty";
    private const string Invalid = "etcdserver: invalid auth token";
    private const string Old = "etcdserver: revision of auth store is old";

    [Theory]
    [InlineData("token", "writer-token")]
    [InlineData("token", "Bearer writer-token")]
    [InlineData("authorization", "writer-token")]
    [InlineData("authorization", "Bearer writer-token")]
    public async Task The_token_comes_in_one_of_two_keys_with_or_without_scheme_behaviour_200(string key, string value)
    {
        await using var host = await StartAsync();

        await PutAsync(host, "k", new Metadata { { key, value } });
    }

    [Fact]
    public async Task The_token_key_wins_over_authorization_behaviour_200()
    {
        await using var host = await StartAsync();

        await PutAsync(host, "k", new Metadata { { "authorization", "bad" }, { "token", "writer-token" } });
        await EtcdClient.ExpectAsync(
            StatusCode.Unauthenticated, Invalid, () => PutAsync(host, "k", new Metadata { { "authorization", "writer-token" }, { "token", "bad" } }));
    }

    [Fact]
    public async Task While_auth_is_off_tokens_are_not_looked_at_behaviour_194()
    {
        await using var host = await StartAsync();
        host.Auth.Set(v => v with { Enabled = false });

        await PutAsync(host, "k", As("bad"));
        Assert.Equal(0ul, host.Keyspace.Last!.AuthStamp);
    }

    [Fact]
    public async Task A_write_carries_what_it_was_judged_by()
    {
        await using var host = await StartAsync();

        await PutAsync(host, "k", As("writer"));
        Assert.Equal(host.Auth.View.Stamp, host.Keyspace.Last!.AuthStamp);
    }

    [Fact]
    public async Task A_write_whose_permissions_changed_on_the_way_is_judged_anew()
    {
        await using var host = await StartAsync();
        host.Keyspace.FailNext(EtcdError.AuthChanged, () => { });
        await PutAsync(host, "k", As("writer"));

        host.Keyspace.FailNext(EtcdError.AuthChanged, () => host.Auth.Set(v => v with { Revision = v.Revision + 1, Writable = [] }));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => PutAsync(host, "k", As("writer")));
    }

    [Fact]
    public async Task A_write_that_comes_as_auth_is_turned_on_has_no_user()
    {
        await using var host = await StartAsync();
        host.Auth.Set(v => v with { Enabled = false });
        host.Keyspace.FailNext(EtcdError.AuthChanged, () => host.Auth.Set(v => v with { Enabled = true }));

        await EtcdClient.ExpectAsync(StatusCode.InvalidArgument, Empty, () => PutAsync(host, "k", []));
    }

    [Fact]
    public async Task A_read_during_a_change_is_refused_behaviour_209()
    {
        await using var host = await StartAsync();
        host.Keyspace.BeforeRead = () => host.Auth.Set(v => v with { Revision = v.Revision + 1 });

        await EtcdClient.ExpectAsync(StatusCode.InvalidArgument, Old, () => RangeAsync(host, "k", As("reader")));
    }

    [Fact]
    public async Task A_read_that_comes_as_auth_is_turned_on_is_checked()
    {
        await using var host = await StartAsync();
        host.Auth.Set(v => v with { Enabled = false });
        host.Keyspace.BeforeRead = () =>
        {
            host.Keyspace.BeforeRead = null;
            host.Auth.Set(v => v with { Enabled = true });
        };

        await EtcdClient.ExpectAsync(StatusCode.InvalidArgument, Empty, () => RangeAsync(host, "k", []));
    }

    [Fact]
    public async Task Reads_pass_their_barrier_before_they_are_judged_and_then_read_locally()
    {
        await using var host = await StartAsync();

        await RangeAsync(host, "k", As("reader"));
        Assert.Equal(1, host.Auth.Barriers);
        Assert.True(((Grains.Interfaces.Kv.RangeRequest)host.Keyspace.Last!).Serializable);
    }

    [Theory]
    [InlineData("writer", false, null)]
    [InlineData("writer", true, Denied)]
    [InlineData("both", true, null)]
    [InlineData("reader", false, Denied)]
    public async Task Put_and_delete_need_write_and_prev_kv_read_behaviour_214(string user, bool prevKv, string? refusal)
    {
        await using var host = await StartAsync();
        Task Put() => host.Client.PutAsync(new PutRequest { Key = Key("k"), PrevKv = prevKv }, new CallOptions(As(user)));
        Task Delete() => CallAsync<DeleteRangeRequest, DeleteRangeResponse>(host, EtcdClient.Kv, "DeleteRange", new() { Key = Key("k"), PrevKv = prevKv }, user);
        if (refusal is null)
        {
            await Put();
            await Delete();
        }
        else
        {
            await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, refusal, Put);
            await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, refusal, Delete);
        }
    }

    /// <summary>Each transaction has exactly one part that the writer of k may not do, wherever it stands.</summary>
    [Fact]
    public async Task A_transaction_needs_all_that_any_branch_needs_behaviour_215()
    {
        await using var host = await StartAsync();
        var put = new RequestOp { RequestPut = new PutRequest { Key = Key("k") } };
        RequestOp[] forbidden =
        [
            new() { RequestRange = new RangeRequest { Key = Key("k") } },
            new() { RequestPut = new PutRequest { Key = Key("x") } },
            new() { RequestPut = new PutRequest { Key = Key("k"), PrevKv = true } },
            new() { RequestDeleteRange = new DeleteRangeRequest { Key = Key("x") } },
            new() { RequestDeleteRange = new DeleteRangeRequest { Key = Key("k"), PrevKv = true } },
        ];

        await TxnAsync(host, new TxnRequest { Success = { put } });
        foreach (var op in forbidden)
        {
            foreach (var txn in new TxnRequest[]
            {
                new() { Success = { op } },
                new() { Failure = { op } },
                new() { Success = { new RequestOp { RequestTxn = new TxnRequest { Failure = { op } } } } },
            })
            {
                await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => TxnAsync(host, txn));
            }
        }

        await EtcdClient.ExpectAsync(
            StatusCode.PermissionDenied, Denied, () => TxnAsync(host, new TxnRequest { Compare = { new Compare { Key = Key("k") } }, Success = { put } }));
    }

    [Fact]
    public async Task Leases_are_guarded_by_the_keys_on_them_behaviours_187_188()
    {
        await using var host = await StartAsync();
        await CallAsync<LeaseGrantRequest, LeaseGrantResponse>(host, EtcdClient.Lease, "LeaseGrant", new() { ID = 7, TTL = 60 }, "writer");
        Task Put(string user) => host.Client.PutAsync(new PutRequest { Key = Key("k"), Lease = 7 }, new CallOptions(As(user)));
        Task Revoke(string user) => CallAsync<LeaseRevokeRequest, LeaseRevokeResponse>(host, EtcdClient.Lease, "LeaseRevoke", new() { ID = 7 }, user);
        Task TimeToLive(string user, bool keys) => CallAsync<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse>(
            host, EtcdClient.Lease, "LeaseTimeToLive", new() { ID = 7, Keys = keys }, user);
        Task List(string user) => CallAsync<LeaseLeasesRequest, LeaseLeasesResponse>(host, EtcdClient.Lease, "LeaseLeases", new(), user);

        await Put("writer");
        host.Auth.Attach(7, "k", "x");
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => Put("writer"));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => Revoke("writer"));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => TimeToLive("reader", true));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => List("reader"));
        await TimeToLive("reader", false);
        host.Auth.Attach(7, "k");
        await TimeToLive("reader", true);
        await List("reader");
        using var alive = host.Client.KeepAlive(new CallOptions(As("reader")));
        await alive.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = 7 });
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => alive.ResponseStream.MoveNext(CancellationToken.None));
        await Revoke("writer");
    }

    [Theory]
    [InlineData("x", "reader", null, "rpc error: code = PermissionDenied desc = etcdserver: permission denied")]
    [InlineData("k", "bad", null, "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token")]
    [InlineData("k", "old", null, "rpc error: code = InvalidArgument desc = etcdserver: revision of auth store is old")]
    [InlineData("k", null, null, "rpc error: code = InvalidArgument desc = etcdserver: user name is empty")]
    [InlineData("k", "reader", "a", "mvcc: watcher range is empty")]
    [InlineData("x", "reader", "a", "rpc error: code = PermissionDenied desc = etcdserver: permission denied")]
    public async Task A_watch_that_may_not_be_is_created_and_cancelled_behaviours_152_153(string key, string? user, string? end, string reason)
    {
        await using var host = await StartAsync();
        await using var watch = new WatchProbe(host, new CallOptions(As(user)));

        await watch.CreateAsync(new WatchCreateRequest { Key = Key(key), RangeEnd = Key(end ?? "") });
        var answer = await watch.NextAsync();

        Assert.Equal((-1L, true, true, reason), (answer.WatchId, answer.Created, answer.Canceled, answer.CancelReason));
        if (user == "reader")
        {
            await watch.CreateAsync(new WatchCreateRequest { Key = Key("k") });
            Assert.False((await watch.NextAsync()).Canceled);
        }
    }

    /// <summary>Other than in etcd (behaviour 155).</summary>
    [Fact]
    public async Task A_watch_ends_when_its_permission_does()
    {
        await using var host = await StartAsync();
        await using var watch = new WatchProbe(host, new CallOptions(As("reader")));
        await watch.CreateAsync(new WatchCreateRequest { Key = Key("k"), WatchId = 5 });
        await watch.CreateAsync(new WatchCreateRequest { Key = Key("l"), WatchId = 6 });
        await watch.SkipAsync(2);

        host.Auth.Set(v => v with { Revision = v.Revision + 1, Readable = new() { ["reader"] = "l" } });
        var answer = await watch.NextAsync();

        Assert.Equal((5L, true, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"), (answer.WatchId, answer.Canceled, answer.CancelReason));
        await host.Client.PutAsync(new PutRequest { Key = Key("k") }, new CallOptions(As("writer")));
        await host.Client.PutAsync(new PutRequest { Key = Key("l") }, new CallOptions(As("root")));
        answer = await watch.NextAsync();
        Assert.Equal((6L, "l"), (answer.WatchId, Assert.Single(answer.Events).Kv.Key.ToStringUtf8()));
    }

    [Fact]
    public async Task A_stream_that_can_not_be_judged_does_not_keep_others_from_it()
    {
        var log = new RecordingLoggerProvider();
        await using var host = await StartAsync(log: log);
        host.Watches.StuckWatch = 5;
        await using var stuck = new WatchProbe(host, new CallOptions(As("reader")));
        await stuck.CreateAsync(new WatchCreateRequest { Key = Key("k"), WatchId = 5 });
        await stuck.SkipAsync(1);
        await using var watch = new WatchProbe(host, new CallOptions(As("reader")));
        await watch.CreateAsync(new WatchCreateRequest { Key = Key("k"), WatchId = 6 });
        await watch.SkipAsync(1);

        // Twice, so that the second sweep comes after the failure whichever stream the first one met first.
        host.Auth.Set(v => v with { Revision = v.Revision + 1, Readable = new() { ["reader"] = "l" } });
        Assert.True((await watch.NextAsync()).Canceled);
        await Eventually.AreEqualAsync(true, () => Task.FromResult(log.Text.Contains("could not judge", StringComparison.Ordinal)));
        await watch.CreateAsync(new WatchCreateRequest { Key = Key("l"), WatchId = 7 });
        await watch.SkipAsync(1);
        host.Auth.Set(v => v with { Revision = v.Revision + 1, Readable = [] });
        Assert.True((await watch.NextAsync()).Canceled);
    }

    [Fact]
    public async Task An_observer_of_an_election_sees_no_more_when_its_permission_ends()
    {
        await using var host = await StartAsync();
        Task PutLeader(string value) => host.Client.PutAsync(new PutRequest { Key = Key("k/1"), Value = Key(value) }, new CallOptions(As("root")));
        await PutLeader("one");
        using var observer = host.Client.Stream<LeaderRequest, LeaderResponse>(
            "v3electionpb.Election", "Observe", new LeaderRequest { Name = Key("k") }, new CallOptions(As("reader")));
        Assert.True(await observer.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("one", observer.ResponseStream.Current.Kv.Value.ToStringUtf8());
        host.Auth.Set(v => v with { Revision = v.Revision + 1 });
        await PutLeader("two");
        Assert.True(await observer.ResponseStream.MoveNext(CancellationToken.None));

        host.Auth.Set(v => v with { Revision = v.Revision + 1, Readable = [] });
        await PutLeader("three");

        // Elections tell errors without their codes.
        await EtcdClient.ExpectAsync(StatusCode.Unknown, Denied, () => observer.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task Keys_of_a_lease_are_judged_by_what_holds_when_they_are_answered()
    {
        await using var host = await StartAsync();
        await CallAsync<LeaseGrantRequest, LeaseGrantResponse>(host, EtcdClient.Lease, "LeaseGrant", new() { ID = 7, TTL = 60 }, "writer");
        Task TimeToLive(string user) => CallAsync<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse>(
            host, EtcdClient.Lease, "LeaseTimeToLive", new() { ID = 7, Keys = true }, user);
        host.Auth.Attach(7, "k");
        host.Leases.Keys[7] = ["k"u8.ToArray(), "x"u8.ToArray()];

        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => TimeToLive("reader"));
        await TimeToLive("root");
        host.Leases.Keys[7].RemoveAt(1);
        await TimeToLive("reader");
    }

    /// <summary>In the log it would hold up writes until it is applied.</summary>
    [Theory]
    [InlineData(null, StatusCode.InvalidArgument, Empty)]
    [InlineData("writer", StatusCode.PermissionDenied, Denied)]
    [InlineData("bad", StatusCode.Unauthenticated, Invalid)]
    public async Task An_auth_command_of_one_who_may_not_give_it_is_not_proposed(string? user, StatusCode code, string text)
    {
        await using var host = await StartAsync();
        Task Disable(string? by) => CallAsync<AuthDisableRequest, AuthDisableResponse>(host, "etcdserverpb.Auth", "AuthDisable", new(), by);
        Task Add() => CallAsync<AuthUserAddRequest, AuthUserAddResponse>(
            host, "etcdserverpb.Auth", "UserAdd", new() { Name = "n", Options = new() { NoPassword = true } }, user);

        await EtcdClient.ExpectAsync(code, text, () => Disable(user));
        await EtcdClient.ExpectAsync(code, text, Add);
        Assert.Empty(host.Auth.Commands);
        await Disable("root");
        Assert.Single(host.Auth.Commands);
    }

    [Fact]
    public async Task Nobody_hashes_passwords_for_those_who_may_not_add_users()
    {
        await using var host = await StartAsync();
        Task Add(string? user) => CallAsync<AuthUserAddRequest, AuthUserAddResponse>(host, "etcdserverpb.Auth", "UserAdd", new() { Name = "n", Password = "p" }, user);

        await EtcdClient.ExpectAsync(StatusCode.InvalidArgument, Empty, () => Add(null));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => Add("writer"));
        Assert.Equal(0, host.Auth.Hashed);
        await Add("root");
        Assert.Equal(1, host.Auth.Hashed);
        Assert.Equal(("root", "n"), (host.Auth.Commands[^1].Actor, host.Auth.Commands[^1].User));
    }

    [Fact]
    public async Task Oneself_and_ones_roles_may_be_looked_at_behaviour_227()
    {
        await using var host = await StartAsync();
        Task Get(string name, string? user) => CallAsync<AuthUserGetRequest, AuthUserGetResponse>(host, "etcdserverpb.Auth", "UserGet", new() { Name = name }, user);
        Task Role(string role, string? user) => CallAsync<AuthRoleGetRequest, AuthRoleGetResponse>(host, "etcdserverpb.Auth", "RoleGet", new() { Role = role }, user);

        await Get("reader", "reader");
        await Get("reader", "root");
        await Role("r1", "reader");
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => Get("both", "reader"));
        await EtcdClient.ExpectAsync(StatusCode.InvalidArgument, Empty, () => Get("reader", null));
        await EtcdClient.ExpectAsync(StatusCode.PermissionDenied, Denied, () => Role("r2", "reader"));
        await EtcdClient.ExpectAsync(StatusCode.FailedPrecondition, "etcdserver: user name not found", () => Get("nobody", "root"));
        await EtcdClient.ExpectAsync(StatusCode.FailedPrecondition, "etcdserver: role name not found", () => Role("none", "root"));
    }
}
