using System.Text;
using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;

namespace Krewe.Cluster.Tests.Members;

/// <summary>Requests at a member that does not lead.</summary>
public sealed class RemoteWriteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_through_a_follower_is_answered_once_the_follower_applied_it_358()
    {
        await using var cluster = await MemberCluster.StartAsync(2);
        await cluster[2].Keyspace.WriteAsync(MemberCluster.Put("warm"), Stop);
        cluster[2].Member.HoldApply();
        var put = cluster[2].Keyspace.WriteAsync(MemberCluster.Put("a"), Stop).AsTask();
        await Eventually.TrueAsync(() => cluster.Read(1, "a") is not null, "the leader applies");
        Assert.False(put.IsCompleted);
        cluster[2].Member.ReleaseApply();
        var result = await put;
        Assert.Equal(cluster[2].Member.State.Revision, result.Revision);
        Assert.NotNull(cluster.Read(2, "a"));
    }

    [Fact]
    public async Task Every_kind_of_operation_and_answer_crosses_silos()
    {
        await using var cluster = await MemberCluster.StartAsync(2);
        var client = cluster[2].Keyspace;
        await client.WriteAsync(MemberCluster.Put("a", "1"), Stop);
        var txn = new TxnRequest
        {
            Compares = [new Compare { Target = CompareTarget.Version, Key = "a"u8.ToArray(), Number = 1 }],
            Success =
            [
                new RangeRequest { Key = "a"u8.ToArray() },
                new PutRequest { Key = "a"u8.ToArray(), Value = "2"u8.ToArray(), PrevKv = true },
                new DeleteRangeRequest { Key = "a"u8.ToArray(), PrevKv = true },
            ],
        };
        var result = Assert.IsType<TxnResult>(await client.WriteAsync(txn, Stop));
        Assert.True(result.Succeeded);
        Assert.Equal("1", Text(Assert.IsType<RangeResult>(result.Responses[0]).Kvs[0].Value));
        Assert.Equal("1", Text(Assert.IsType<PutResult>(result.Responses[1]).PrevKv!.Value.Value));
        Assert.Equal("2", Text(Assert.IsType<DeleteRangeResult>(result.Responses[2]).PrevKvs[0].Value));
    }

    /// <summary>Two reads that find nothing share their empty array, and several requests share a message.</summary>
    [Fact]
    public async Task Reads_that_find_nothing_cross_silos_together()
    {
        await using var cluster = await MemberCluster.StartAsync(2);
        await cluster[2].Keyspace.WriteAsync(MemberCluster.Put("a", "1"), Stop);
        var txn = new TxnRequest
        {
            Success =
            [
                new RangeRequest { Key = "none"u8.ToArray() },
                new RangeRequest { Key = "a"u8.ToArray() },
                new RangeRequest { Key = "nothing"u8.ToArray() },
                new PutRequest { Key = "b"u8.ToArray() },
                new RangeRequest { Key = "a"u8.ToArray(), RangeEnd = "z"u8.ToArray(), Limit = 1 },
            ],
        };
        var responses = Assert.IsType<TxnResult>(await cluster[2].Keyspace.WriteAsync(txn, Stop)).Responses;
        Assert.Equal([0, 1, 0, 1], responses.OfType<RangeResult>().Select(range => range.Kvs.Count));
        Assert.Equal("1", Text(((RangeResult)responses[1]).Kvs[0].Value));
        Assert.True(((RangeResult)responses[4]).More);
    }

    [Fact]
    public async Task Errors_keep_their_code_across_silos()
    {
        await using var cluster = await MemberCluster.StartAsync(2);
        var badLease = new PutRequest { Key = "a"u8.ToArray(), Lease = 77 };
        Assert.Equal(EtcdError.LeaseNotFound, (await Assert.ThrowsAsync<EtcdException>(() => cluster[2].Keyspace.WriteAsync(badLease, Stop).AsTask())).Error);
        Assert.Equal(EtcdError.LeaseNotFound, (await Assert.ThrowsAsync<EtcdException>(() => cluster[2].Leases.RevokeAsync(77, Stop).AsTask())).Error);
        Assert.Equal(EtcdError.FutureRevision, (await Assert.ThrowsAsync<EtcdException>(() => cluster[2].Keyspace.CompactAsync(99, false, Stop).AsTask())).Error);
    }

    [Fact]
    public async Task A_write_without_a_leader_waits_for_one_352()
    {
        await using var cluster = await MemberCluster.StartAsync(2);
        await cluster[2].Keyspace.WriteAsync(MemberCluster.Put("a"), Stop);
        cluster.Log.LoseLeader();
        await Eventually.TrueAsync(() => cluster[2].Member.LeaderId == 0, "the follower hears of it");
        var put = cluster[2].Keyspace.WriteAsync(MemberCluster.Put("b"), Stop).AsTask();
        Assert.False(put.IsCompleted);
        cluster.Log.Elect(2);
        await put;
        Assert.Equal(1, cluster.Read(1, "b")?.Version ?? await SeenAsync(cluster, 1, "b"));
    }

    private static async Task<long> SeenAsync(MemberCluster cluster, int member, string key)
    {
        await Eventually.TrueAsync(() => cluster.Read(member, key) is not null, $"member {member} applies {key}");
        return cluster.Read(member, key)!.Value.Version;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
