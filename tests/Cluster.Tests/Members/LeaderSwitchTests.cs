using Krewe.Cluster.Tests.Fakes;
using Krewe.Grains.Cluster.Directory;
using Krewe.Grains.Interfaces.Errors;
using Krewe.Grains.Interfaces.Kv;
using Krewe.Grains.Interfaces.Prefixes;
using Krewe.Grains.Prefixes;

namespace Krewe.Cluster.Tests.Members;

/// <summary>Leadership moves under writes: what certainly is not in the log is written again, nothing is written twice.</summary>
public sealed class LeaderSwitchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_entry_that_was_overwritten_is_written_again_by_the_new_leader(int through)
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[through].Keyspace.WriteAsync(MemberCluster.Put("warm"), Stop);
        cluster.Log.HoldCommits();
        var appended = cluster[1].Member.Appended;
        var put = cluster[through].Keyspace.WriteAsync(MemberCluster.Put("a"), Stop).AsTask();
        await Eventually.TrueAsync(() => cluster[1].Member.Appended > appended, "the old leader appends");
        cluster.Log.Elect(2);
        await put;
        Assert.Equal(1, cluster.Read(through, "a")!.Value.Version);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_entry_that_survives_the_switch_is_not_written_again(int through)
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[through].Keyspace.WriteAsync(MemberCluster.Put("warm"), Stop);
        cluster.Log.HoldCommits();
        var appended = cluster[1].Member.Appended;
        var put = cluster[through].Keyspace.WriteAsync(MemberCluster.Put("a"), Stop).AsTask();
        await Eventually.TrueAsync(() => cluster[1].Member.Appended > appended, "the old leader appends");
        cluster.Log.Elect(2, surviving: 1);
        await put;
        Assert.Equal(1, cluster.Read(through, "a")!.Value.Version);
    }

    [Fact]
    public async Task Switches_under_writes_through_all_members_lose_and_double_nothing()
    {
        const int Writers = 12;
        const int Writes = 15;
        await using var cluster = await MemberCluster.StartAsync(3);
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAllAsync(cluster, writer, Writes), Stop)).ToArray();
        var done = Task.WhenAll(writers);
        for (ulong leader = 2; !done.IsCompleted && leader < 8; leader++)
        {
            var seen = cluster.Log.CommitIndex;
            await Eventually.TrueAsync(() => done.IsCompleted || cluster.Log.CommitIndex > seen + 4, "writes go on after a switch");
            cluster.Log.Elect((leader % 3) + 1);
        }

        var unknown = (await done).Sum();
        Assert.True(unknown <= Writers, $"{unknown} of {Writers * Writes} writes were left unknown, though no leader was cut off");
        for (var writer = 0; writer < Writers; writer++)
        {
            // Each write is a compare with the writer's last version: doubled or lost ones would break the chain.
            Assert.True(cluster.Read(1, $"w{writer}")!.Value.Version >= Writes - unknown);
        }
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_neither_writes_nor_serves_linearizable_reads()
    {
        await using var cluster = await MemberCluster.StartAsync(3);
        await cluster[3].Keyspace.WriteAsync(MemberCluster.Put("a", "old"), Stop);
        cluster.Log.CutOff(1);
        var late = cluster[1].Keyspace.WriteAsync(MemberCluster.Put("a", "zombie"), Stop).AsTask();
        cluster.Log.Elect(2);
        await Eventually.TrueAsync(() => cluster[3].Member.LeaderId == 2, "the follower hears of the new leader");
        await cluster[3].Keyspace.WriteAsync(MemberCluster.Put("a", "new"), Stop);
        Assert.Equal(("old", 1), cluster.Read(1, "a"));
        var read = new RangeRequest { Key = "a"u8.ToArray() };
        await Assert.ThrowsAsync<EtcdException>(() => cluster[1].Keyspace.RangeAsync(read, Stop).AsTask());
        Assert.False(late.IsCompleted);

        // Its entry is overwritten, so that its write goes to the new leader, behind the other one.
        cluster.Log.Heal(1);
        await late;
        Assert.Equal(("zombie", 3), cluster.Read(1, "a"));
        Assert.Equal(3, (await cluster[2].Keyspace.RangeAsync(read, Stop)).Kvs[0].Version);
    }

    [Fact]
    public async Task A_zombie_activation_is_refused_and_its_successor_writes()
    {
        await using var cluster = await MemberCluster.StartAsync(2);
        await cluster[2].Keyspace.WriteAsync(MemberCluster.Put("a"), Stop);
        var leader = cluster[1].Member;
        var zombie = leader.Directory.FindPrefixOwner([])!;
        var self = new PrefixOwner(ReadOnlyMemory<byte>.Empty, zombie.ActivationId, leader.Term);

        // Its registration goes, but nothing tells the activation itself.
        await leader.ProposeAsync(
            Krewe.Grains.Keyspace.Commands.CommandKind.GrainDirectory,
            DirectoryCommand.Unregister([new ActivationAddress(zombie.Grain, zombie.ActivationId, zombie.Silo)]).Encode(),
            Stop);
        var appended = leader.Appended;
        Assert.Throws<NotOwnerException>(() => leader.Appender.AppendNow(
            leader.Term, new[] { self }, MemberCluster.Put("zombie"), static (batch, put) => batch.Evaluate(put)));
        Assert.Equal(appended, leader.Appended);

        await cluster[2].Keyspace.WriteAsync(MemberCluster.Put("b"), Stop);
        Assert.NotEqual(zombie.ActivationId, leader.Directory.FindPrefixOwner([])!.ActivationId);
        Assert.Null(cluster.Read(1, "zombie"));
    }

    /// <summary>Counts the writes whose outcome stayed unknown.</summary>
    private static async Task<int> WriteAllAsync(MemberCluster cluster, int writer, int writes)
    {
        var key = $"w{writer}";
        var unknown = 0;
        long version = 0;
        for (var i = 0; i < writes; i++)
        {
            var silo = cluster[1 + ((writer + i) % 3)];
            try
            {
                var result = (TxnResult)await silo.Keyspace.WriteAsync(NextVersion(key, version), Stop);
                Assert.True(result.Succeeded || unknown > 0, $"{key}: write {i} did not find version {version}");
                version = result.Succeeded ? version + 1 : ((RangeResult)result.Responses[0]).Kvs[0].Version;
            }
            catch (EtcdException)
            {
                unknown++;
            }
        }

        return unknown;
    }

    private static TxnRequest NextVersion(string key, long version)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(key);
        return new TxnRequest
        {
            Compares = [new Compare { Target = CompareTarget.Version, Key = bytes, Number = version }],
            Success = [new PutRequest { Key = bytes, Value = "v"u8.ToArray() }],
            Failure = [new RangeRequest { Key = bytes }],
        };
    }
}
