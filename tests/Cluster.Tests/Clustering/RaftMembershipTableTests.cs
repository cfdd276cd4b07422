using System.Net;
using Krewe.Cluster.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Krewe.Cluster.Tests.Clustering;

/// <summary>Orleans' contract of a membership table, against the table of a running silo (whose own row is there all the time).</summary>
public sealed class RaftMembershipTableTests : IAsyncLifetime
{
    private readonly FakeCluster _cluster = new();
    private TestSilo _silo = null!;
    private int _nextPort = 20000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IMembershipTable Table => _silo.Services.GetRequiredService<IMembershipTable>();

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_cluster, 1);

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Insert_needs_the_current_table_version()
    {
        MembershipTableData before = await Table.ReadAllAsync(Stop);
        MembershipEntry entry = NewEntry();
        Assert.True(await Table.InsertRowAsync(entry, before.Version.Next(), Stop));
        Assert.False(await Table.InsertRowAsync(NewEntry(), before.Version.Next(), Stop));
        MembershipTableData after = await Table.ReadAllAsync(Stop);
        Assert.False(await Table.InsertRowAsync(entry, after.Version.Next(), Stop));
        Assert.Equal(before.Version.Version + 1, after.Version.Version);
        Assert.NotEqual(before.Version.VersionEtag, after.Version.VersionEtag);
    }

    [Fact]
    public async Task A_row_is_read_back_as_it_was_written()
    {
        MembershipEntry entry = NewEntry();
        entry.AddSuspector(_silo.Address, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop);
        MembershipTableData table = await Table.ReadRowAsync(entry.SiloAddress, Stop);
        Assert.Equal(entry.ToFullString(), Assert.Single(table.Members).Item1.ToFullString());
        Assert.Empty((await Table.ReadRowAsync(NewEntry().SiloAddress, Stop)).Members);
    }

    [Fact]
    public async Task Update_needs_the_rows_etag_and_the_table_version()
    {
        MembershipEntry entry = NewEntry();
        await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop);
        MembershipTableData table = await Table.ReadRowAsync(entry.SiloAddress, Stop);
        string etag = table.Members[0].Item2;
        entry.Status = SiloStatus.ShuttingDown;
        Assert.False(await Table.UpdateRowAsync(entry, "wrong", table.Version.Next(), Stop));
        Assert.False(await Table.UpdateRowAsync(entry, etag, table.Version, Stop));
        Assert.True(await Table.UpdateRowAsync(entry, etag, table.Version.Next(), Stop));
        Assert.False(await Table.UpdateRowAsync(entry, etag, table.Version.Next(), Stop));
        Assert.False(await Table.UpdateRowAsync(entry, etag, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        Assert.False(await Table.UpdateRowAsync(NewEntry(), etag, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        Assert.Equal(SiloStatus.ShuttingDown, (await Table.ReadRowAsync(entry.SiloAddress, Stop)).Members[0].Item1.Status);
    }

    /// <summary>Orleans would pause for two seconds and more, with all silos of a cluster starting or stopping at once several times.</summary>
    [Fact]
    public async Task A_change_of_another_row_in_between_does_not_fail_that_of_the_own_one()
    {
        MembershipTableData before = await Table.ReadRowAsync(_silo.Address, Stop);
        (MembershipEntry own, string etag) = before.Members[0];
        Assert.True(await Table.InsertRowAsync(NewEntry(), before.Version.Next(), Stop));
        Assert.True(await Table.UpdateRowAsync(own, etag, before.Version.Next(), Stop));
        Assert.False(await Table.UpdateRowAsync(own, etag, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        Assert.Equal(before.Version.Version + 2, (await Table.ReadAllAsync(Stop)).Version.Version);
    }

    [Fact]
    public async Task Racing_updates_have_one_winner_each()
    {
        MembershipEntry entry = NewEntry();
        await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop);
        int start = (await Table.ReadAllAsync(Stop)).Version.Version;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(IncrementAsync)));
        Assert.Equal(start + (8 * 5), (await Table.ReadAllAsync(Stop)).Version.Version);

        async Task IncrementAsync()
        {
            for (int won = 0; won < 5;)
            {
                MembershipTableData table = await Table.ReadRowAsync(entry.SiloAddress, Stop);
                won += await Table.UpdateRowAsync(table.Members[0].Item1, table.Members[0].Item2, table.Version.Next(), Stop) ? 1 : 0;
            }
        }
    }

    [Fact]
    public async Task A_sign_of_life_needs_nothing_and_changes_no_version()
    {
        MembershipEntry entry = NewEntry();
        await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop);
        MembershipTableData before = await Table.ReadRowAsync(entry.SiloAddress, Stop);
        entry.IAmAliveTime = entry.IAmAliveTime.AddMinutes(1);
        await Table.UpdateIAmAliveAsync(entry, Stop);
        MembershipTableData after = await Table.ReadRowAsync(entry.SiloAddress, Stop);
        Assert.Equal(entry.IAmAliveTime, after.Members[0].Item1.IAmAliveTime);
        Assert.Equal((before.Version, before.Members[0].Item2), (after.Version, after.Members[0].Item2));
    }

    [Fact]
    public async Task Cleanup_keeps_active_and_recent_rows()
    {
        foreach (SiloStatus status in Enum.GetValues<SiloStatus>())
        {
            MembershipEntry entry = NewEntry();
            entry.Status = status;
            entry.IAmAliveTime = entry.StartTime = entry.StartTime.AddDays(-10);
            await InsertAsync(entry);
        }

        MembershipEntry recent = NewEntry();
        recent.Status = SiloStatus.Dead;
        await InsertAsync(recent);
        await Table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddDays(-3), Stop);
        IEnumerable<SiloStatus> left = (await Table.ReadAllAsync(Stop)).Members.Select(member => member.Item1.Status);
        Assert.Equal([SiloStatus.Active, SiloStatus.Active, SiloStatus.Dead], left.Order());
    }

    [Fact]
    public async Task Without_a_quorum_the_applied_table_is_read_and_nothing_is_written()
    {
        _silo.Member.HasQuorum = false;
        MembershipTableData table = await Table.ReadAllAsync(Stop);
        Assert.Single(table.Members);
        await Assert.ThrowsAnyAsync<Exception>(() => Table.InsertRowAsync(NewEntry(), table.Version.Next(), Stop));
        _silo.Member.HasQuorum = true;
        Assert.True(await Table.InsertRowAsync(NewEntry(), table.Version.Next(), Stop));
    }

    [Fact]
    public async Task Initialisation_waits_for_a_quorum()
    {
        _silo.Member.HasQuorum = false;
        int before = _silo.Member.SiloProposals;
        Task initialised = Table.InitializeMembershipTableAsync(true, Stop);
        await Eventually.TrueAsync(() => _silo.Member.SiloProposals >= before + 2, "it tries again");
        Assert.False(initialised.IsCompleted);
        _silo.Member.HasQuorum = true;
        await initialised;
    }

    // The silo itself may change the table meanwhile: it suspects active rows that nobody answers for.
    private async Task InsertAsync(MembershipEntry entry)
    {
        while (!await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop))
        {
        }
    }

    // Whole seconds, because Orleans prints no finer.
    private MembershipEntry NewEntry()
    {
        DateTime now = DateTime.UtcNow;
        var start = new DateTime(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, DateTimeKind.Utc);
        int port = _nextPort++;
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), port),
            HostName = "host",
            SiloName = $"silo{port}",
            RoleName = "role",
            Status = SiloStatus.Created,
            ProxyPort = 5,
            UpdateZone = 6,
            FaultZone = 7,
            StartTime = start,
            IAmAliveTime = start,
            SuspectTimes = [],
        };
    }
}
